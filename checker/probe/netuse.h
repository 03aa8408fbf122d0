/*
 * Whether a firewall as iptables-save(8) writes it shuts out who comes by SSH, once the network
 * card has another name.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* 1: a card of that name keeps it on Nitro; 0: not; -1: not known. "eth+" is a pattern. */
typedef int netuse_stays(void *data, struct span name);

/*
 * True when it is certain: the chain ends in no, only lines for cards whose names are gone let a
 * new connection to port 22 in, and no line leads to a chain that is not looked into. `closed`:
 * what reaches the end of the chain is refused, whatever the text says of it.
 */
bool netuse_locks_out(struct span rules, const char *chain, bool closed, netuse_stays *stays,
                      void *data);
