/*
 * Facts: what the probes saw, as one tree. Probes write, then the tree is frozen; rules, reports
 * and `check --facts` only read it.
 *
 * The states of a path, and the whole honesty of the program hangs on telling them apart:
 *   a value   seen
 *   null      looked for and certainly not there ("no resume= on the command line")
 *   missing   not known; facts_unknown() says why. A rule that needs it gives `unknown`, never
 * `pass` absent parent, likewise missing
 *
 * Paths are JSON pointers without escapes: "/fstab/entries/0/target". Parents come into being on
 * the way; an index equal to the length of an array appends. Each probe declares the paths it may
 * write (struct fact_decl, `*` for an index), and rules are checked against the declarations.
 * Strings are made UTF-8 on the way in (bytes that are not become \xNN text).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct json_object;

#define FACTS_SCHEMA   "xen2nitro/facts/1"
#define FACTS_FILE_MAX (16u << 20) /* a recorded facts file */

enum fact_type {
        FACT_STRING,
        FACT_INT,
        FACT_BOOL,
        FACT_ARRAY,
        FACT_OBJECT,
};

struct fact_decl {
        const char *path; /* NULL ends a list */
        enum fact_type type;
        const char *text; /* one line for a person */
};

struct facts;

struct facts *facts_new(void);
void facts_free(struct facts *f);
static inline void facts_freep(struct facts **f)
{
        facts_free(*f);
}
#define cleanup_facts _cleanup_(facts_freep)

/* Writing; a frozen tree aborts the program. A NULL string publishes null. */
void facts_set_str(struct facts *f, const char *value, const char *path, ...) _printf_(3, 4);
void facts_set_span(struct facts *f, struct span value, const char *path, ...) _printf_(3, 4);
void facts_set_int(struct facts *f, int64_t value, const char *path, ...) _printf_(3, 4);
void facts_set_bool(struct facts *f, bool value, const char *path, ...) _printf_(3, 4);
void facts_set_null(struct facts *f, const char *path, ...) _printf_(2, 3);
/* An empty array; elements follow by index. Nothing happens when it is there already. */
void facts_set_array(struct facts *f, const char *path, ...) _printf_(2, 3);
/*
 * The three keys every piece of evidence has, below `path`: file (path inside the volume), line
 * (1-based; 0 when the file has no lines) and text (the line, or what stands for it).
 */
void facts_set_evidence(struct facts *f, const char *path, const char *file, size_t line,
                        struct span text);

/*
 * Why `path` and everything below it that is missing is not known. One sentence without a full
 * stop; `file` (inside the volume) may be NULL.
 */
void facts_unknown(struct facts *f, const char *path, const char *file, const char *reason, ...)
        _printf_(4, 5);
/* Something odd met on the way, shown in reports; it decides nothing. `file` may be NULL. */
void facts_problem(struct facts *f, const char *file, const char *text, ...) _printf_(3, 4);
/* All of one top-level subject ("/target"), to be looked at anew. */
void facts_forget(struct facts *f, const char *subject);
/* What stands at `from_path`, and what is said not to be known there, to `path` of another tree. */
void facts_copy(struct facts *f, const char *path, const struct facts *from, const char *from_path);
void facts_freeze(struct facts *f);

/* Reading. 1: there, 0: null, -ENOENT: missing. *ret_node is borrowed and lives with the tree. */
int facts_get(const struct facts *f, const char *path, struct json_object **ret_node);
/* Shorthands for probes that build on others: NULL, or `otherwise`, unless it is there and of that
 * type. */
const char *facts_str(const struct facts *f, const char *path);
int64_t facts_int(const struct facts *f, const char *path, int64_t otherwise);
bool facts_bool(const struct facts *f, const char *path, bool otherwise);
size_t facts_count(const struct facts *f, const char *path); /* elements of an array, else 0 */

/* The recorded reason nearest above or at `path`; NULL when none. Both pointers are borrowed. */
const char *facts_why_unknown(const struct facts *f, const char *path, const char **ret_file);
/* The reason recorded at exactly this path; NULL when none. */
const char *facts_why_incomplete(const struct facts *f, const char *path, const char **ret_file);
/* Problems in the order met; *ret_file may be NULL. Borrowed. */
size_t facts_problem_count(const struct facts *f);
const char *facts_problem_get(const struct facts *f, size_t i, const char **ret_file);

/* {schema, facts, unknown, problems}. What was loaded is not frozen yet. */
void facts_dump(const struct facts *f, struct buf *out);
int facts_load(struct span json, struct facts **ret, struct err *err);
