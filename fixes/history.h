/* Runs for people and programs: what each did to the volume, and what became of it. */
#pragma once

#include "base/jsonx.h"
#include "journal.h"
#include "volume/volume.h"

struct history_run {
        char *id;
        struct journal journal;
        char *problem; /* the journal cannot be read, and why; or NULL */
};

struct history {
        struct history_run *runs; /* the oldest first; those that never began are not told */
        size_t n, cap;
};

void history_done(struct history *h);
#define cleanup_history _cleanup_(history_done)

/* Nothing is written, and no lock is asked for. None at all is fine. */
int history_read(const struct volume *v, struct history *ret, struct err *err);
/* NULL: there is no such run. */
const struct history_run *history_find(const struct history *h, const char *id);

/* As in history.schema.json, definition "run". The caller puts it. */
struct json_object *history_run_json(const struct history_run *run);
void history_run_text(const struct history_run *run, struct buf *out);
