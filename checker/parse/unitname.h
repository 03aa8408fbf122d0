/* Names of systemd's units that stand for paths: "dev-xvdf.device" (systemd-escape(1), --path). */
#pragma once

#include "base/buf.h"

/*
 * The path that a unit with this suffix (".device", ".swap", ".mount") is named after, \xNN undone;
 * the caller frees it. NULL: it has another suffix.
 */
char *unitname_to_path(struct span unit, const char *suffix);
/* The other way. */
char *unitname_of_path(const char *path, const char *suffix);
