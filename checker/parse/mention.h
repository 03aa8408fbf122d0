/*
 * Where a text names disks: scripts, and configuration of which no more is understood than what a
 * comment is and where a word ends. Names that stay what they are (UUID links, /dev/mapper ...) are
 * left out, and so is what only begins like a name: /dev/sda_backup, /dev/sdk/doc.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/devname.h"

#define MENTION_FILE_MAX (256u << 10) /* bytes of a text */
#define MENTIONS_MAX     64           /* names of one text */

enum mention_grammar {
        MENTION_SCRIPT, /* of a shell, Python, Perl ...: "#" at the start of a word, not in quotes
                         */
        MENTION_CONFIG, /* lines that begin with "#", ";" or "//"; "#" behind a blank */
        MENTION_UNIT,   /* systemd: of the lines only Exec...= and Environment= */
        MENTION_DATA,   /* JSON: everything counts */
        MENTION_XML,    /* all but <!-- --> */
};

/* What becomes of the disk there, from harmless to bad. */
enum mention_act {
        MENTION_USED,      /* nothing more is known */
        MENTION_TUNED,     /* growpart, resize2fs, hdparm, /sys/block/NAME ... */
        MENTION_SWAP,      /* swapon */
        MENTION_AWAITED,   /* a loop that only ends when the name is there */
        MENTION_DESTROYED, /* mkfs, wipefs, pvcreate, dd of= ... */
};

struct mention {
        char *value;            /* "/dev/xvdf1"; also of "xvdf1" and /sys/block/xvdf1/queue */
        bool is_pattern;        /* it stands for several: "/dev/xvd*", "/dev/sd$letter" */
        enum devname_kind kind; /* xen, scsi, ide, nvme or xen-by-path */
        size_t line;            /* the first that names it */
        struct span text;
        enum mention_act act; /* the worst that the text does to it */
        char *tool;           /* the word that says so; NULL: MENTION_USED */
        size_t act_line;      /* where; 0: MENTION_USED */
        struct span act_text;
        struct span variable; /* that holds the name, or empty */
};

/* One for each name, in the order they stand there. Spans point into the text parsed. */
struct mentions {
        struct mention *v;
        size_t n, cap;
        bool knows_nvme; /* the text, comments aside, speaks of NVMe */
        bool cut;        /* there are more names */
};

struct mention_syntax {
        enum mention_grammar grammar;
        bool bare; /* xvda1, sda, hdb count without /dev/, too */
};

/* -E2BIG: over MENTION_FILE_MAX. */
int mentions_parse(struct span text, struct mention_syntax syntax, struct mentions *ret,
                   struct err *err);
void mentions_done(struct mentions *m);
#define cleanup_mentions _cleanup_(mentions_done)

/*
 * The kernel's name at the end of another ("diskstat_iops_xvda" of munin's links), with /dev/
 * before it; NULL: there is none. The caller frees it.
 */
char *mention_at_end(const char *name);

/* The kinds that are mentions: names of the kernel's, and places on the bus of Xen. */
bool mention_is_disk(enum devname_kind kind);
/* "used", "tuned" ... as in the facts. */
const char *mention_act_name(enum mention_act act);
