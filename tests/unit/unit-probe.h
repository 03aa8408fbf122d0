/* Probes over a directory that plays a volume. */
#pragma once

#include "unit.h"

#include "base/jsonx.h"
#include "probe/probe.h"
#include "probe/shared.h"
#include "volume/blkids.h"

/*
 * Runs the probes, NULL-terminated, on top of the facts given; `blkid` is a saved blkid(8) output
 * or NULL.
 */
static inline void unit_probe_on(struct facts *facts, const char *dir, const char *blkid,
                                 const struct probe *const *probes)
{
        cleanup_volume struct volume *v = NULL;
        cleanup_blkids struct blkids *b = NULL;
        cleanup_shared struct probe_shared shared = { 0 };
        cleanup_strv struct strv problems = { 0 };
        struct err err = { 0 };

        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, &err), 0);
        b = blkids_collect(v, &problems);
        if (blkid)
                assert_int_equal(blkids_add_file(b, span_of(blkid), &err), 0);
        for (; *probes; probes++) {
                struct probe_context context = {
                        .volume = v, .blkids = b, .facts = facts, .shared = &shared
                };

                (*probes)->run(&context);
        }
}

/* "value", "null", or "? reason" for what is missing; the caller frees it. */
static inline char *unit_fact(const struct facts *facts, const char *fmt, ...)
{
        cleanup_free char *path = NULL;
        struct json_object *node;
        const char *why, *file;
        va_list ap;
        int r;

        va_start(ap, fmt);
        path = xvasprintf(fmt, ap);
        va_end(ap);
        r = facts_get(facts, path, &node);
        if (r == 0)
                return xstrdup("null");
        if (r < 0) {
                why = facts_why_unknown(facts, path, &file);
                return xasprintf("? %s", why ? why : "(no reason)");
        }
        return xstrdup(json_object_get_string(node));
}

/* Runs the probe over the directory; the facts are the caller's. */
static inline struct facts *unit_probe(const char *name, const char *root, enum volume_mode mode,
                                       const char *target)
{
        cleanup_strv struct strv problems = { 0 };
        cleanup_volume struct volume *v = NULL;
        cleanup_blkids struct blkids *b = NULL;
        struct facts *f = facts_new();

        assert_int_equal(volume_open(root, mode, &v, NULL), 0);
        b = blkids_collect(v, &problems);
        probe_run(name, &(struct probe_context){
                                .volume = v, .blkids = b, .facts = f, .target = target });
        return f;
}

/* What stands at `path`, "missing" when nothing does. */
static inline void assert_fact(const struct facts *f, const char *path, const char *want)
{
        struct json_object *node;
        const char *text = "missing";

        if (facts_get(f, path, &node) >= 0)
                text = json_object_to_json_string_ext(node, JSON_C_TO_STRING_NOSLASHESCAPE);
        assert_string_equal(text, want);
}

/* Why it is missing: "FILE: REASON", or the reason alone. */
static inline void assert_why(const struct facts *f, const char *path, const char *want)
{
        const char *file = NULL, *why = facts_why_unknown(f, path, &file);
        cleanup_free char *text = file ? xasprintf("%s: %s", file, why)
                                       : xstrdup(why ? why : "nothing said");

        assert_string_equal(text, want);
}

static inline void unit_link(const char *dir, const char *path, const char *target)
{
        cleanup_free char *full = xasprintf("%s/%s", dir, path);

        /* Makes the directories on the way. */
        unit_write_text(dir, path, "");
        assert_int_equal(unlink(full), 0);
        assert_int_equal(symlink(target, full), 0);
}
