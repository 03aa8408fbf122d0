/*
 * A text with some of its spans replaced; every other byte stays as it is. Parsers leave spans into
 * the text they parsed (struct fstab_field, struct line), and these are what is replaced:
 *
 *     struct rewrite w = rewrite_of(text);
 *     rewrite_replace(&w, entry->source.raw, SPAN("UUID=..."));
 *     rewrite_finish(&w, &out);
 */
#pragma once

#include "base/buf.h"

struct rewrite {
        struct span rest; /* of the old text, not copied yet */
        struct buf out;
};

static inline struct rewrite rewrite_of(struct span text)
{
        return (struct rewrite){ .rest = text };
}

/*
 * `old` lies in the text, at or behind the end of the one replaced before; anything else aborts. An
 * empty `old` inserts.
 */
void rewrite_replace(struct rewrite *w, struct span old, struct span with);
/* The whole new text; the caller's. */
void rewrite_finish(struct rewrite *w, struct blob *ret);
void rewrite_done(struct rewrite *w);
#define cleanup_rewrite _cleanup_(rewrite_done)
