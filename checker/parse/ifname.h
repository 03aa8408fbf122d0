/*
 * Names of network cards in text of whatever format: eth0, ens5, enp0s5, enX0, eno1. Names of what
 * is made out of cards (br0, bond0, docker0) are no such names.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/*
 * The next name in *rest, which then begins behind it; false: there is none. A name is a word of
 * its own: "eth0:1" and "eth0.100" hold one, "beth0" and "eth0_ip" none. "eth+", iptables' pattern,
 * is one.
 */
bool ifname_next(struct span *rest, struct span *ret);
