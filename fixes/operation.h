/* What a plan is made of: operations, why they are there, and what stays as it is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/str.h"

/* Operations are applied in this order, within a phase in the order planned. */
enum plan_phase {
        PLAN_SOURCES,   /* what people edit: /etc, kernel/cmdline, loader entries */
        PLAN_LOADER,    /* what is generated from that for the boot loader: grub.cfg */
        PLAN_INITRAMFS, /* images */
};

/* Why something is planned. Copied. */
struct plan_reason {
        const char *fix;          /* its id */
        const char *const *rules; /* ids of the findings it clears, NULL-terminated */
        enum plan_phase phase;
};

enum plan_kind {
        PLAN_WRITE,  /* the file's bytes become `after` */
        PLAN_APPEND, /* `after` is put behind the bytes that are there */
        PLAN_RUN,    /* argv runs in the volume and writes `outputs` */
};

struct plan_op {
        enum plan_kind kind;
        enum plan_phase phase;
        struct strv fixes, rules; /* without repetition */

        /* PLAN_WRITE, PLAN_APPEND */
        char *path;           /* real path inside the volume */
        bool existed;         /* else it is new, and `before` empty */
        mode_t mode;          /* permission bits; those of the file where it existed */
        struct blob before;   /* PLAN_WRITE: the bytes that the plan was made from */
        struct digest digest; /* of the bytes before; not set for a new file */
        uint64_t size;        /* the same */
        struct blob after;
        struct digest digest_after; /* of the whole file */

        /* PLAN_RUN */
        struct strv argv;    /* argv[0] is a path inside the volume */
        struct strv outputs; /* files it may write, real paths; backed up before */
        unsigned timeout;    /* seconds */
};

/* Something that stays as it is. */
struct plan_left {
        char *fix; /* that looked at it; NULL: no fix is for this rule */
        char *rule;
        char *subject; /* of the finding; may be NULL */
        char *reason;  /* a clause */
        char *remedy;  /* a sentence: what to do, or to run to know; may be NULL */
};
