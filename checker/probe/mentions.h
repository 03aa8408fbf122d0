/*
 * Files that name disks in a way that is looked at and not understood (parse/mention.h), read and
 * published: one element of a list for each name in each file, as names.h has it, and more of what
 * is done to the disk there.
 */
#pragma once

#include "parse/mention.h"
#include "probe/names.h"

#define MENTIONS_FILES_MAX 2000        /* files looked at */
#define MENTIONS_BYTES_MAX (16u << 20) /* of all of them */

/* What a kind of file is like. */
struct mention_place {
        const char *list; /* "/mentions/scripts" */
        const char *dir;
        const char *name; /* of the file, or a pattern of fnmatch(3) for some in that directory */
        struct mention_syntax syntax;
        const char *when;  /* when its lines take effect: "at every boot"; or NULL */
        bool only_scripts; /* files that do not begin with "#!" are something else */
        bool no_links;     /* links lead to files that are not the administrator's */
};

struct mentions_look {
        struct probe_context *context;
        struct strv etc; /* names in /etc, by which most places are seen not to be there */
        bool etc_known;
        size_t files, bytes;
        struct {
                dev_t dev;
                ino_t ino;
        } * seen;
        size_t n_seen, cap_seen;
};

void mentions_begin(struct probe_context *context, struct mentions_look *ret);
void mentions_end(struct mentions_look *l);
#define cleanup_mentions_look _cleanup_(mentions_end)

/* Looks at all files of the place; what cannot be read makes its list incomplete. */
void mentions_look_at(struct mentions_look *l, const struct mention_place *place);

/* What is not known of a list. */
void mentions_incomplete(struct mentions_look *l, const char *list, const char *file,
                         const char *reason);

/*
 * Adds a name: the path of its element, for more members, which the caller frees; or NULL. Where
 * nothing but the name is known of what is done to the disk, `m` has line, text, value and kind.
 */
char *mentions_publish(struct mentions_look *l, const struct mention_place *place, const char *file,
                       const struct mention *m, bool knows_nvme);

/* What mentions_publish() writes; `list` is a literal. */
#define MENTIONS_FACTS(list)                                                                   \
        NAMES_FACTS(list), { list "/*/is_pattern", FACT_BOOL, "it stands for several names" }, \
                { list "/*/when", FACT_STRING,                                                 \
                  "when that takes effect, null: not a matter of time" },                      \
                { list "/*/knows_nvme", FACT_BOOL, "the file speaks of NVMe, too" },           \
                { list "/*/act", FACT_STRING,                                                  \
                  "what is done to the disk there: used, tuned, swap, awaited or destroyed" }, \
                { list "/*/tool", FACT_STRING, "the word that says so, null: used" },          \
                { list "/*/at", FACT_OBJECT, "where, null: in the line that names it" },       \
                { list "/*/at/file", FACT_STRING, "the file" },                                \
                { list "/*/at/line", FACT_INT, "its line" },                                   \
        {                                                                                      \
                list "/*/at/text", FACT_STRING, "that line"                                    \
        }
