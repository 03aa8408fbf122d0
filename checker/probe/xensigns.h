/*
 * Scripts and units that tell by signs of Xen where they run: lines of /guest/scripts and
 * /guest/conditions, which the probe "guest" declares and begins.
 */
#pragma once

#include "probe/probe.h"

#define XENSIGNS_MAX 1000 /* lines of one list */

/* Adds what the text of a script or unit has. */
void xensigns_look_at(struct probe_context *context, const char *path, struct span text);
/* There are files that could not be looked at. */
void xensigns_incomplete(struct probe_context *context, const char *file, const char *reason);
