/*
 * What distributions had before os-release(5): /etc/redhat-release, system-release, oracle-release
 * ("CentOS release 6.10 (Final)"), SuSE-release ("SUSE Linux Enterprise Server 11 (x86_64)", then
 * VERSION = and PATCHLEVEL =) and debian_version ("6.0.10").
 */
#pragma once

#include "parse/osrelease.h"

/* In the words of os-release. False: not understood, and nothing to free. */
bool releasefile_parse(struct span text, struct osrelease *ret);
