/*
 * Reports: one verdict and its findings, as bytes. A format is one file report-x.c and one line in
 * report-list.h; it reads what it is given, decides nothing and does no I/O.
 */
#pragma once

#include "base/buf.h"
#include "facts.h"
#include "finding.h"
#include "waivers.h"

#define REPORT_SCHEMA "xen2nitro/report/1"

/* Everything a format may want; all borrowed. */
struct report {
        const struct facts *facts;
        const struct findings *findings; /* sorted, the worst first */
        const struct waivers *waivers;   /* as applied */
        enum verdict verdict;
        const char *source;       /* what was looked at, for people: "this machine", "/mnt/vol" */
        const char *generated_at; /* RFC 3339, UTC; the only time in a report */
        bool strict;
        /* For people only: */
        bool color, verbose, quiet;
};

struct report_format {
        const char *name; /* as in --format */
        void (*write)(const struct report *report, struct buf *out);
};

extern const struct report_format *const report_format_list[];    /* NULL ends it */
const struct report_format *report_format_find(const char *name); /* or NULL */
