/*
 * Waivers: findings that somebody answers for, with a reason and until a day. A waived finding
 * stays in the report and does not count for the verdict; nothing else changes. waivers.schema.json
 * has the file's form.
 */
#pragma once

#include "base/err.h"
#include "finding.h"

#define WAIVERS_SCHEMA   "xen2nitro/waivers/1"
#define WAIVERS_FILE     "/etc/xen2nitro/waivers.json"
#define WAIVERS_FILE_MAX (1u << 20)
#define WAIVERS_MAX      1000

struct waiver {
        char *rule;
        char *subject; /* pattern with * and ?, or NULL: whatever the subject */
        char *reason, *owner;
        char *expires; /* last day on which it counts, as 2026-12-31 (UTC) */
        /* Set by waivers_apply(): */
        bool expired;
        bool used; /* there is a finding that it is about, or its rule was skipped */
};

struct waivers {
        char *file;    /* NULL: there is none */
        char *problem; /* why none counts: it could not be read, or nobody asked for it; or NULL */
        struct waiver *v;
        size_t n, cap;
};

/* All of it is understood, or it is refused: file and key are in the error. */
int waivers_parse(struct span text, const char *file, struct waivers *ret, struct err *err);
void waivers_done(struct waivers *w);
#define cleanup_waivers _cleanup_(waivers_done)

/* Findings that failed or are unknown; `today` begins with a date. Sorts them anew. */
void waivers_apply(struct waivers *w, const char *today, struct findings *l);
