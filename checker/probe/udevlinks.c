#include "probe/udevlinks.h"

#include <fnmatch.h>

#include "base/xalloc.h"
#include "parse/udevrule.h"

#define PATTERN_MAX 256

static const struct {
        const char *name, *text;
} fates[_UDEVLINK_MAX] = {
        [UDEVLINK_UNEXPLAINED] = { "unexplained", "no udev rule of this volume is seen to make it; "
                                                  "a script may" },
        [UDEVLINK_GONE] = { "gone", "the udev rule that makes it asks for a disk of Xen" },
        [UDEVLINK_UNCLEAR] = { "unclear", "a udev rule may make it on Nitro, too, but that depends "
                                          "on more than files tell" },
        [UDEVLINK_MAPPING] = { "mapping",
                               "ebsnvme-id makes it on Nitro when the block device mapping has "
                               "exactly this name for the disk, which is not known here" },
        [UDEVLINK_WHOLE_DISK] = { "whole-disk", "on Nitro ebsnvme-id makes it a link to the whole "
                                                "disk, not to its first partition" },
        [UDEVLINK_STAYS] = { "stays", "a udev rule that knows the disk by what does not change "
                                      "makes it on Nitro, too" },
        [UDEVLINK_NOW] = { "now", "this machine runs on Nitro, and udev makes it here" },
};

const char *udevlink_fate_name(enum udevlink_fate fate)
{
        return fates[fate].name;
}

const char *udevlink_fate_text(enum udevlink_fate fate)
{
        return fates[fate].text;
}

/* ---- the rules of the volume ----------------------------------------------------------------- */

struct rules_file {
        char *path;
        struct blob blob;
        struct udevrules rules;
};

struct udevlinks {
        const struct volume *volume;
        struct rules_file *v;
        size_t n, cap;
        bool incomplete; /* some could not be read */
};

/* Of files with the same name the first directory's counts; a link to /dev/null hides the rest. */
static const char *const dirs[] = {
        "/etc/udev/rules.d",
        "/usr/local/lib/udev/rules.d",
        "/usr/lib/udev/rules.d",
        "/lib/udev/rules.d",
};

static void load_file(struct udevlinks *l, const char *path)
{
        struct rules_file file = { 0 };
        cleanup_free char *target = NULL;
        int r;

        if (volume_readlink(l->volume, path, &target, NULL) > 0 && streq(target, "/dev/null"))
                return;
        r = volume_read(l->volume, path, UDEVRULE_MAX, &file.blob, NULL);
        if (r > 0 && l->n < UDEVLINKS_FILES_MAX &&
            udevrules_parse(blob_span(&file.blob), &file.rules, NULL) == 0) {
                file.path = xstrdup(path);
                *ARRAY_PUSH(&l->v, &l->n, &l->cap) = file;
                return;
        }
        if (r != 0)
                l->incomplete = true;
        blob_done(&file.blob);
}

struct udevlinks *udevlinks_load(const struct volume *v)
{
        struct udevlinks *l = xcalloc(1, sizeof(*l));
        cleanup_strv struct strv seen = { 0 };

        l->volume = v;
        for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                cleanup_strv struct strv names = { 0 };

                if (volume_list(v, dirs[d], &names, NULL) < 0)
                        l->incomplete = true;
                for (size_t i = 0; i < names.n; i++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[d], names.v[i]);

                        if (!str_endswith(names.v[i], ".rules") || strv_contains(&seen, names.v[i]))
                                continue;
                        strv_push(&seen, names.v[i]);
                        load_file(l, path);
                }
        }
        return l;
}

void udevlinks_free(struct udevlinks *l)
{
        if (!l)
                return;
        for (size_t i = 0; i < l->n; i++) {
                free(l->v[i].path);
                udevrules_done(&l->v[i].rules);
                blob_done(&l->v[i].blob);
        }
        free(l->v);
        free(l);
}

/* ---- does a rule match an EBS volume on Nitro? ----------------------------------------------- */

/* Worst first: a rule is what the smallest of its conditions is. */
enum match {
        MATCH_NO,
        MATCH_MAYBE,
        MATCH_THIS, /* yes, and only this one disk */
        MATCH_YES,
};

static bool begins_with_one_of(const char *value, const char *const *prefixes)
{
        for (; *prefixes; prefixes++)
                if (str_startswith(value, *prefixes))
                        return true;
        return false;
}

/* Every alternative of "a*|b*" begins like this. */
static bool all_begin_with(const char *value, const char *const *prefixes)
{
        for (const char *p = value; p; p = strchr(p, '|')) {
                p += *p == '|';
                if (!begins_with_one_of(p, prefixes))
                        return false;
        }
        return true;
}

/* Some alternative may match a name that begins with "nvme". */
static bool may_be_nvme(const char *value)
{
        for (const char *p = value; p; p = strchr(p, '|')) {
                size_t n;

                p += *p == '|';
                n = strcspn(p, "*?[|");
                if (strncmp(p, "nvme", n < 4 ? n : 4) == 0 && (n >= 4 || strchr("*?[", p[n])) &&
                    (n > 0 || p[0] != '|'))
                        return true;
        }
        return false;
}

static enum match match_kernel(const char *value)
{
        bool disk = udevrule_glob(value, "nvme0n1") && udevrule_glob(value, "nvme9n1");
        bool part = udevrule_glob(value, "nvme0n1p1") && udevrule_glob(value, "nvme9n1p1");

        if (disk || part)
                return MATCH_YES;
        return may_be_nvme(value) ? MATCH_MAYBE : MATCH_NO;
}

static bool is_any(const char *value)
{
        return value[strspn(value, "?*")] == '\0';
}

static enum match match_value(const char *key, const char *value)
{
        static const char *const content[] = { "ENV{ID_FS_UUID",         "ENV{ID_FS_LABEL",
                                               "ENV{ID_PART_ENTRY_UUID", "ENV{ID_PART_ENTRY_NAME",
                                               "ENV{ID_PART_TABLE_UUID", NULL };
        static const char *const serial[] = { "ATTRS{serial}", "ATTRS{wwid}", "ENV{ID_SERIAL",
                                              NULL };
        static const char *const volume[] = { "vol", "nvme.1d0f-", "Amazon_Elastic_Block_Store_vol",
                                              "Amazon Elastic Block Store_vol", NULL };
        static const char *const model[] = { "Amazon Elastic Block Store",
                                             "Amazon_Elastic_Block_Store", "Amazon*", NULL };
        static const char *const xen[] = { "xen", "vbd", "device/vbd", NULL };
        static const char *const old_disks[] = { "xvd", "sd", "hd", "vbd", "xen", NULL };

        if (streq(key, "ACTION"))
                return udevrule_glob(value, "add") ? MATCH_YES : MATCH_NO;
        if (streq(key, "SUBSYSTEM"))
                return udevrule_glob(value, "block") ? MATCH_YES : MATCH_NO;
        if (streq(key, "KERNEL"))
                return match_kernel(value);
        if (streq(key, "KERNELS") && all_begin_with(value, old_disks))
                return MATCH_NO;
        if (streq(key, "SUBSYSTEMS"))
                return udevrule_glob(value, "block") || udevrule_glob(value, "nvme") ||
                                       udevrule_glob(value, "pci")
                               ? MATCH_YES
                               : MATCH_NO;
        if (streq(key, "DRIVERS") && udevrule_glob(value, "nvme"))
                return MATCH_YES;
        if (streq(key, "ENV{DEVTYPE}") || streq(key, "ATTR{partition}"))
                return MATCH_YES;
        if (begins_with_one_of(key, content))
                return is_any(value) ? MATCH_YES : MATCH_THIS;
        if (begins_with_one_of(key, serial) && is_any(value))
                return MATCH_YES;
        if (begins_with_one_of(key, serial) && begins_with_one_of(value, volume))
                return MATCH_THIS;
        if (streq(key, "ATTRS{model}") || streq(key, "ENV{ID_MODEL}"))
                return is_any(value) || begins_with_one_of(value, model) ||
                                       udevrule_glob(value, model[0])
                               ? MATCH_YES
                               : MATCH_NO;
        return all_begin_with(value, xen) ? MATCH_NO : MATCH_MAYBE;
}

static enum match match_pair(const struct udevrule_pair *p)
{
        bool equal = streq(p->op, "=="), differs = streq(p->op, "!=");
        enum match match;

        if (streq(p->key, "IMPORT{builtin}"))
                return MATCH_YES;
        if (streq(p->key, "PROGRAM") || str_startswith(p->key, "IMPORT"))
                return MATCH_MAYBE;
        if (!equal && !differs)
                return MATCH_YES; /* it is set, not asked for */
        match = match_value(p->key, p->value);
        if (equal || match == MATCH_MAYBE)
                return match;
        return match == MATCH_NO ? MATCH_YES : match == MATCH_YES ? MATCH_NO : MATCH_MAYBE;
}

static enum match match_rule(const struct udevrule *r)
{
        enum match match = MATCH_YES;

        for (size_t i = 0; i < r->n; i++) {
                enum match m = match_pair(&r->v[i]);

                if (m < match)
                        match = m;
        }
        return match;
}

static bool has_label(const struct udevrule *r, const char *label)
{
        const struct udevrule_pair *p = udevrule_find(r, "LABEL");

        return p && streq(p->value, label);
}

/* Rules before it that jump over it are conditions, too. */
static enum match match_with_jumps(const struct udevrules *rules, size_t n)
{
        enum match match = match_rule(&rules->v[n]);

        for (size_t i = 0; i < n; i++) {
                const struct udevrule_pair *jump = udevrule_find(&rules->v[i], "GOTO");
                enum match jumps;
                bool over = jump != NULL;

                for (size_t k = i + 1; k <= n && over; k++)
                        over = !has_label(&rules->v[k], jump->value);
                if (!over || rules->v[i].malformed)
                        continue;
                jumps = match_rule(&rules->v[i]);
                if (jumps == MATCH_YES)
                        return MATCH_NO;
                if (jumps != MATCH_NO && match > MATCH_MAYBE)
                        match = MATCH_MAYBE;
        }
        return match;
}

/* ---- does a rule make this name? ------------------------------------------------------------- */

enum naming {
        NAMING_NOT,
        NAMING_BY_PROGRAM, /* the whole name comes from elsewhere: any will do */
        NAMING_PATTERN,    /* part of it does, and the rest fits */
        NAMING_EXACT,
};

/* What follows a "%" or "$" at `p`, which is replaced when the rule runs; 0: it is only the byte.
 */
static size_t substitution_length(const char *p)
{
        size_t n = 1;

        if (p[1] == p[0] || !p[1])
                return 0;
        if (p[0] == '$')
                while (ascii_isalpha(p[n]))
                        n++;
        else
                n = 2;
        if (p[n] == '{')
                n += strcspn(p + n, "}") + 1;
        return n;
}

/* A name of SYMLINK, as a pattern for fnmatch. */
static enum naming compare_name(struct span word, const char *name)
{
        cleanup_buf struct buf pattern = { 0 };
        cleanup_free char *text = span_dup(word);
        size_t literal = 0;
        bool replaced = false;

        if (word.len > PATTERN_MAX)
                return NAMING_NOT;
        for (const char *p = text; *p;) {
                size_t n = strchr("%$", *p) ? substitution_length(p) : 0;

                if (n > 0) {
                        buf_putc(&pattern, '*');
                        replaced = true;
                        p = strlen(p) > n ? p + n : p + strlen(p);
                        continue;
                }
                if (strchr("%$", *p) && p[1])
                        p++; /* twice for one */
                if (strchr("*?[\\", *p))
                        buf_putc(&pattern, '\\');
                buf_putc(&pattern, *p++);
                literal++;
        }
        if (pattern.len == 0 || fnmatch(pattern.data, name, 0) != 0)
                return NAMING_NOT;
        if (!replaced)
                return NAMING_EXACT;
        return literal > 1 ? NAMING_PATTERN : NAMING_BY_PROGRAM;
}

static enum naming compare_pair(const struct udevrule_pair *p, const char *name)
{
        enum naming best = NAMING_NOT;

        if (!streq(p->key, "SYMLINK") || streq(p->op, "==") || streq(p->op, "!=") ||
            streq(p->op, "-="))
                return NAMING_NOT;
        for (const char *w = p->value; *w;) {
                size_t n = strcspn(w, " \t");
                enum naming naming = compare_name((struct span){ w, n }, name);

                if (naming > best)
                        best = naming;
                w += n + strspn(w + n, " \t");
        }
        return best;
}

static enum naming compare_rule(const struct udevrule *r, const char *name)
{
        enum naming best = NAMING_NOT;

        for (size_t i = 0; i < r->n && !r->malformed; i++) {
                enum naming naming = compare_pair(&r->v[i], name);

                if (naming > best)
                        best = naming;
        }
        return best;
}

/* The program of amazon-ec2-utils, under whatever path; 1: it is there, 0: it is not it. */
static bool runs_ebsnvme(const struct volume *v, const struct udevrule *r)
{
        const struct udevrule_pair *p = udevrule_find(r, "PROGRAM");
        cleanup_free char *program = p ? xmemdup0(p->value, strcspn(p->value, " ")) : NULL;
        cleanup_free char *path = NULL;
        struct stat st;

        if (!program || !(str_endswith(program, "ebsnvme-id") || str_endswith(program, "ebsnvme")))
                return false;
        path = program[0] == '/' ? xstrdup(program) : xasprintf("/usr/lib/udev/%s", program);
        return volume_stat(v, path, &st, NULL) > 0;
}

/* The program of PROGRAM= is a file of the volume. */
static bool is_program_missing(const struct volume *v, const struct udevrule *r)
{
        const struct udevrule_pair *p = udevrule_find(r, "PROGRAM");
        cleanup_free char *program = p ? xmemdup0(p->value, strcspn(p->value, " ")) : NULL;
        struct stat st;

        return program && program[0] == '/' && volume_stat(v, program, &st, NULL) == 0;
}

static bool is_mapping_kind(enum devname_kind kind)
{
        return kind == DEVNAME_XEN || kind == DEVNAME_SCSI || kind == DEVNAME_IDE;
}

static enum udevlink_fate judge_rule(const struct udevlinks *l, const struct udevrules *rules,
                                     size_t n, const char *name, enum devname_kind kind)
{
        const struct udevrule *r = &rules->v[n];
        enum naming naming = compare_rule(r, name);
        enum match match;

        if (naming == NAMING_NOT)
                return UDEVLINK_UNEXPLAINED;
        match = match_with_jumps(rules, n);
        if (match == MATCH_NO || is_program_missing(l->volume, r))
                return naming == NAMING_BY_PROGRAM ? UDEVLINK_UNEXPLAINED : UDEVLINK_GONE;
        if (naming == NAMING_EXACT && match == MATCH_THIS)
                return UDEVLINK_STAYS;
        if (naming == NAMING_BY_PROGRAM && runs_ebsnvme(l->volume, r)) {
                if (!is_mapping_kind(kind))
                        return UDEVLINK_UNEXPLAINED;
                return streq(name, "sda1") ? UDEVLINK_WHOLE_DISK : UDEVLINK_MAPPING;
        }
        return UDEVLINK_UNCLEAR;
}

/* On a machine that is on Nitro already the link is there, and leads to an NVMe device. */
static bool is_there_now(const struct volume *v, const char *path)
{
        cleanup_free char *target = NULL;
        const char *file;

        if (volume_mode(v) != VOLUME_LIVE || volume_readlink(v, path, &target, NULL) <= 0)
                return false;
        file = strrchr(target, '/');
        return str_startswith(file ? file + 1 : target, "nvme");
}

/* Which of two answers counts: what surely makes the name, then what may, then what no longer does.
 */
static int weight(enum udevlink_fate fate)
{
        static const enum udevlink_fate order[] = { UDEVLINK_UNEXPLAINED, UDEVLINK_GONE,
                                                    UDEVLINK_MAPPING,     UDEVLINK_WHOLE_DISK,
                                                    UDEVLINK_UNCLEAR,     UDEVLINK_STAYS };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                if (order[i] == fate)
                        return (int)i;
        return 0;
}

struct udevlink udevlinks_find(const struct udevlinks *l, const char *path, enum devname_kind kind)
{
        struct udevlink best = { UDEVLINK_UNEXPLAINED };

        for (size_t i = 0; i < l->n; i++)
                for (size_t n = 0; n < l->v[i].rules.n; n++) {
                        enum udevlink_fate fate =
                                judge_rule(l, &l->v[i].rules, n, path + strlen("/dev/"), kind);

                        if (weight(fate) > weight(best.fate))
                                best = (struct udevlink){ fate, l->v[i].path,
                                                          l->v[i].rules.v[n].line,
                                                          l->v[i].rules.v[n].text };
                }
        if (best.fate == UDEVLINK_GONE && l->incomplete)
                best.fate = UDEVLINK_UNCLEAR;
        if (best.fate != UDEVLINK_WHOLE_DISK && is_there_now(l->volume, path))
                best.fate = UDEVLINK_NOW;
        return best;
}

/* ---- attributes ------------------------------------------------------------------------------ */

/* udev goes through all files by their names, whatever directory they are in. */
static bool comes_later(const struct udevlink *a, const char *file, size_t line)
{
        int r = !a->file ? 1 : strcmp(strrchr(file, '/'), strrchr(a->file, '/'));

        return r > 0 || (r == 0 && line > a->line);
}

struct udevlink udevlinks_find_attribute(const struct udevlinks *l, const char *key,
                                         const char **ret)
{
        struct udevlink last = { UDEVLINK_UNEXPLAINED };

        for (size_t i = 0; i < l->n; i++)
                for (size_t n = 0; n < l->v[i].rules.n; n++) {
                        const struct udevrule *r = &l->v[i].rules.v[n];
                        const struct udevrule_pair *p = udevrule_find(r, key);
                        enum match match;

                        if (!p || !streq(p->op, "=") || r->malformed ||
                            !comes_later(&last, l->v[i].path, r->line))
                                continue;
                        match = match_with_jumps(&l->v[i].rules, n);
                        if (match == MATCH_NO || match == MATCH_THIS)
                                continue;
                        last = (struct udevlink){ match == MATCH_YES ? UDEVLINK_STAYS
                                                                     : UDEVLINK_UNCLEAR,
                                                  l->v[i].path, r->line, r->text };
                        *ret = p->value;
                }
        if (l->incomplete)
                last.fate = UDEVLINK_UNCLEAR;
        return last;
}
