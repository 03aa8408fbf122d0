/*
 * Device names found in files of the volume, as facts: one element of a list for each, the same for
 * every kind of file, so that rules and fixes of all of them read alike.
 *
 * What becomes of the name (`state`, with `state_text` as a clause) is all that most rules ask for:
 *   stays    it means the same disk on Nitro, or one that goes by its content
 *   absent   its tag is that of no disk
 *   linked   a udev rule makes that name on Nitro, too
 *   gone     on Nitro nothing has that name, or another disk has it
 *   unclear  it depends on what is not known here
 */
#pragma once

#include "probe/probe.h"

#define NAMES_MAX 5000 /* of one list */

/* In what form the file can name the disk otherwise: which fix_value is of use there. */
enum name_form {
        NAME_AS_TAG,  /* UUID=..., as in fstab */
        NAME_AS_PATH, /* /dev/disk/by-uuid/... */
        NAME_AS_LUKS, /* UUID=... of a LUKS header */
        NAME_AS_IS,   /* in none */
};

struct name_use {
        const char *list;  /* "/crypttab/devices"; its array must be there */
        const char *file;  /* path in the volume, or "IMAGE:/PATH" */
        size_t line;       /* 0: the file has no lines */
        struct span text;  /* the line */
        const char *value; /* the name as that file's parser understands it */
        const char *role;  /* what it is used for there, a word; NULL publishes null */
        const char *type;  /* NAME_AS_TAG: the type of file system that must be on it, or NULL */
        enum name_form form;
        bool is_root; /* it is the device of the root file system that is meant */
};

/*
 * Adds the name to the list: the path of its element, for members of the caller's own; the caller
 * frees it. NULL: it is no device's name (NFS, tmpfs, a plain path), or one too many, which is then
 * noted as the unread rest of the list.
 */
char *names_publish(struct probe_context *context, const struct name_use *use);

/* What names_publish() writes; `list` is a literal. */
#define NAMES_FACTS(list)                                                                         \
        { list "/*/file", FACT_STRING, "where the name stands" },                                 \
                { list "/*/line", FACT_INT, "its line" },                                         \
                { list "/*/text", FACT_STRING, "that line" },                                     \
                { list "/*/value", FACT_STRING, "the name, escapes undone" },                     \
                { list "/*/role", FACT_STRING, "what it is used for there, or null" },            \
                { list "/*/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },   \
                { list "/*/uuid", FACT_STRING, "UUID of the device it means, null: not known" },  \
                { list "/*/fix_value", FACT_STRING, "what to write instead, null: not certain" }, \
                { list "/*/fix_problem", FACT_STRING,                                             \
                  "why it is not certain, null: it is, or nothing is to be written" },            \
                { list "/*/udev", FACT_OBJECT,                                                    \
                  "whether udev makes that name on Nitro, null: udev could not make it" },        \
                { list "/*/udev/fate", FACT_STRING,                                               \
                  "unexplained, gone, unclear, mapping, whole-disk, stays or now" },              \
                { list "/*/udev/why", FACT_STRING, "the same as a clause" },                      \
                { list "/*/udev/file", FACT_STRING, "the rules file that decides" },              \
                { list "/*/udev/line", FACT_INT, "its line" },                                    \
                { list "/*/udev/text", FACT_STRING, "that line" },                                \
                { list "/*/resolves", FACT_STRING,                                                \
                  "of a tag, whether a device has it: yes, no or unchecked; else null" },         \
                { list "/*/state", FACT_STRING, "stays, absent, linked, gone or unclear" },       \
        {                                                                                         \
                list "/*/state_text", FACT_STRING, "the same as a clause"                         \
        }
