/*
 * Which disks mdadm takes for members of arrays: DEVICE lines and devices= of mdadm.conf, of the
 * root and of the initramfs.
 *   config.c of mdadm: without a DEVICE line, or with the word "partitions", all of them; else
 * those that match one of the patterns, also when udev shows a disk (conf_test_dev). An ARRAY line
 * whose devices= does not match is not that array's: mdadm then puts it together by what the disks
 * say, perhaps under another name.
 */
#include <errno.h>
#include <fnmatch.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/mdadmconf.h"
#include "probe/bootparam.h"
#include "probe/device-use.h"
#include "probe/probe.h"
#include "probe/shared.h"

#define LIST        "/mdadm/settings"
#define PATTERN_MAX 1000
#define FILES_MAX   50  /* of one directory */
#define ARRAYS_MAX  200 /* that are looked at */

struct place {
        struct probe_context *context;
        const char *file;
        bool in_image, in_cmdline;
        size_t arrays; /* ARRAY lines */
};

/* ---- who needs them ---- */

/* /dev/md0, /dev/md/0, md0 and 0 are one (devname_matches of mdadm). */
static const char *short_name(const char *name)
{
        const char *after = str_after(name, "/dev/md/");

        if (!after)
                after = str_after(name, "/dev/");
        if (after)
                name = after;
        after = str_after(name, "md");
        return after && ascii_isdigit(*after) ? after : name;
}

static bool is_array(const void *name, const char *value)
{
        if (!str_startswith(value, "/dev/md"))
                return false;
        return !name || streq(short_name(value), short_name(name));
}

static bool is_used(const struct place *p)
{
        const struct facts *f = p->context->facts;

        for (size_t i = 0; p->arrays == 0 && i < facts_count(f, "/fstab/devices"); i++) {
                cleanup_free char *path = xasprintf("/fstab/devices/%zu/value", i);
                const char *value = facts_str(f, path);

                if (value && is_array(NULL, value))
                        return true;
        }
        return p->arrays > 0;
}

/* Arrays that fstab names and that are another one. */
static void find_others(const struct facts *f, const char *array, struct strv *ret)
{
        for (size_t i = 0; i < facts_count(f, "/fstab/devices"); i++) {
                cleanup_free char *path = xasprintf("/fstab/devices/%zu/value", i);
                const char *value = facts_str(f, path);

                if (value && is_array(NULL, value) && !is_array(array, value))
                        strv_push(ret, value);
        }
}

/* `array`: of this one, NULL: of all. */
static void publish_effect(const struct place *p, const char *path, const char *array)
{
        cleanup_strv struct strv others = { 0 };
        cleanup_free char *what = array ? xasprintf("the array %s", array) : xstrdup("its arrays");
        struct device_query query = {
                .is_it = is_array,
                .data = array,
                .what = what,
                .path = array,
                .apart = &others,
                .early = p->in_image || p->in_cmdline,
                .in_image = p->in_image ? "The root file system is on no array, and what is put "
                                          "together later goes by the root's own file."
                                        : NULL,
        };
        cleanup_device_use struct device_use use = { 0 };

        if (!is_used(p)) {
                facts_set_str(p->context->facts, "harmless", "%s/effect", path);
                facts_set_str(p->context->facts, "Nothing here shows that this machine has arrays.",
                              "%s/effect_text", path);
                return;
        }
        find_others(p->context->facts, array, &others);
        device_use_find(p->context, &query, &use);
        device_use_publish(p->context->facts, path, &use);
}

/* ---- patterns ---- */

static const char *const disks[] = { "/dev/nvme0n1",   "/dev/nvme1n1",   "/dev/nvme12n1",
                                     "/dev/nvme0n1p1", "/dev/nvme1n1p2", "/dev/nvme12n1p1" };

struct tally {
        bool all, link;
        bool taken[ARRAY_SIZE(disks)];
};

static void count_pattern(struct tally *t, const char *pattern)
{
        if (strcasecmp(pattern, "partitions") == 0)
                t->all = true;
        if (str_startswith(pattern, "/dev/disk/"))
                t->link = true;
        if (strlen(pattern) > PATTERN_MAX)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
                t->taken[i] |= fnmatch(pattern, disks[i], FNM_PATHNAME) == 0;
}

static void publish_verdict(struct facts *f, const char *path, const struct tally *t, bool is_line)
{
        const char *verdict = "rejected", *why = "it names no NVMe disk";
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
                n += t->taken[i];
        if (t->all || n == ARRAY_SIZE(disks)) {
                verdict = "accepted";
                why = "it takes NVMe disks and their partitions";
        } else if (n > 0) {
                verdict = "unclear";
                why = "it takes some NVMe disks or partitions, and leaves others out";
        } else if (t->link) {
                verdict = "unclear";
                why = "it takes links to disks, which mdadm may not know them by";
        } else if (is_line) {
                verdict = "unclear";
                why = "it names no NVMe disk, and then the array gets the name that stands on its "
                      "disks, or another";
        }
        facts_set_str(f, verdict, "%s/verdict", path);
        facts_set_str(f, why, "%s/why", path);
}

static char *publish_setting(const struct place *p, const struct mdadmconf_entry *e,
                             const char *role, const char *value, const char *array)
{
        struct facts *f = p->context->facts;
        char *path = xasprintf(LIST "/%zu", facts_count(f, LIST));

        facts_set_evidence(f, path, p->file, e->line, e->text);
        facts_set_str(f, role, "%s/role", path);
        facts_set_str(f, value, "%s/value", path);
        facts_set_str(f, array, "%s/array", path);
        facts_set_bool(f, p->in_image, "%s/in_image", path);
        publish_effect(p, path, array);
        return path;
}

/* All DEVICE lines count together. */
static void publish_devices(const struct place *p, const struct mdadmconf *c)
{
        const struct mdadmconf_entry *first = NULL;
        cleanup_buf struct buf value = { 0 };
        cleanup_free char *path = NULL;
        struct tally tally = { 0 };

        for (size_t i = 0; i < c->n; i++) {
                const struct mdadmconf_entry *e = &c->v[i];

                for (size_t w = e->first; e->keyword == MDADMCONF_DEVICE && w < e->first + e->n;
                     w++) {
                        const char *word = c->words[w].text;

                        /* mdadm takes no other words. */
                        if (*word != '/' && strcasecmp(word, "partitions") != 0 &&
                            strcasecmp(word, "containers") != 0)
                                continue;
                        first = first ? first : e;
                        count_pattern(&tally, word);
                        if (value.len < PATTERN_MAX)
                                buf_printf(&value, "%s%s", value.len ? " " : "", word);
                }
        }
        if (!first)
                return;
        path = publish_setting(p, first, "DEVICE", value.data, NULL);
        publish_verdict(p->context->facts, path, &tally, false);
}

static void publish_array(const struct place *p, const struct mdadmconf *c,
                          const struct mdadmconf_entry *e)
{
        const char *devices = mdadmconf_value(c, e, "devices", NULL), *name = NULL;
        cleanup_free char *copy = NULL, *path = NULL;
        struct tally tally = { 0 };
        char *at, *pattern;

        if (!devices)
                return;
        for (size_t w = e->first; w < e->first + e->n && !name; w++)
                if (*c->words[w].text == '/' || !strchr(c->words[w].text, '='))
                        name = c->words[w].text;
        at = copy = xstrdup(devices);
        while ((pattern = strsep(&at, ",")))
                count_pattern(&tally, pattern);
        path = publish_setting(p, e, "ARRAY", devices, name ? name : "(without a name)");
        publish_verdict(p->context->facts, path, &tally, true);
}

/* ---- files ---- */

static void scan_text(struct place *p, struct span text)
{
        cleanup_mdadmconf struct mdadmconf c = { 0 };
        struct err err = { 0 };

        if (mdadmconf_parse(text, &c, &err) < 0) {
                facts_unknown(p->context->facts, LIST, p->file, "%s", err.text);
                return;
        }
        p->arrays = 0;
        for (size_t i = 0; i < c.n; i++)
                p->arrays += c.v[i].keyword == MDADMCONF_ARRAY;
        publish_devices(p, &c);
        for (size_t i = 0; i < c.n; i++) {
                if (c.v[i].keyword != MDADMCONF_ARRAY)
                        continue;
                if (facts_count(p->context->facts, LIST) > ARRAYS_MAX) {
                        facts_unknown(p->context->facts, LIST, p->file,
                                      "it has more arrays than are looked at");
                        return;
                }
                publish_array(p, &c, &c.v[i]);
        }
}

/*
 * md=0,/dev/xvdf,/dev/xvdg: the kernel itself puts together an array that cannot say what belongs
 * to it. https://docs.kernel.org/admin-guide/md.html
 */
static void look_at_cmdline(struct probe_context *context)
{
        const struct facts *f = context->facts;
        const char *value = bootparam_last(f, "md"), *text;
        cleanup_free char *array = NULL, *copy = NULL, *path = NULL;
        struct place p = { context, facts_str(f, "/boot/entry/kernel/file"), false, true, 1 };
        struct mdadmconf_entry e = { .line = (size_t)facts_int(f, "/boot/entry/kernel/line", 0) };
        struct tally tally = { 0 };
        char *at, *word;

        if (!p.file || !value || !strstr(value, ",/dev/"))
                return;
        text = facts_str(f, "/boot/entry/kernel/text");
        e.text = span_of(text ? text : "");
        array = xasprintf("/dev/md%.*s", (int)strcspn(value, ","), value);
        at = copy = xstrdup(value);
        while ((word = strsep(&at, ",")))
                count_pattern(&tally, word);
        path = publish_setting(&p, &e, "md=", value, array);
        publish_verdict(context->facts, path, &tally, false);
}

static const char *const config_files[] = { "/etc/mdadm.conf", "/etc/mdadm/mdadm.conf" };

/* Files of the same kind beside the one of that name. */
static void scan_directory(struct probe_context *context, const char *config)
{
        cleanup_free char *dir = xasprintf("%s.d", config);
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, dir, &names, &err) < 0)
                facts_unknown(context->facts, LIST, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *file = xasprintf("%s/%s", dir, names.v[i]);
                struct place p = { context, file, false, false, 0 };
                cleanup_blob struct blob blob = { 0 };
                int r;

                if (names.v[i][0] == '.' || !str_endswith(names.v[i], ".conf"))
                        continue;
                if (i >= FILES_MAX) {
                        facts_unknown(context->facts, LIST, dir, "it has more files than are read");
                        return;
                }
                r = volume_read(context->volume, file, MDADMCONF_MAX, &blob, &err);
                if (r < 0)
                        facts_unknown(context->facts, LIST, file, "%s", err.text);
                else if (r > 0)
                        scan_text(&p, blob_span(&blob));
        }
}

static void run_mdadm(struct probe_context *context)
{
        facts_set_array(context->facts, LIST);
        look_at_cmdline(context);
        for (size_t i = 0; i < ARRAY_SIZE(config_files); i++) {
                const struct image_copy *copy = shared_copy(context, config_files[i] + 1);
                struct place root = { context, config_files[i], false, false, 0 };
                struct place image = { context, copy ? copy->place : NULL, true, false, 0 };
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                int r = volume_read(context->volume, config_files[i], MDADMCONF_MAX, &blob, &err);

                if (r < 0)
                        facts_unknown(context->facts, LIST, config_files[i], "%s", err.text);
                else if (r > 0)
                        scan_text(&root, blob_span(&blob));
                scan_directory(context, config_files[i]);
                if (copy && copy->unread)
                        facts_unknown(context->facts, LIST, copy->place,
                                      "its content is not known");
                else if (copy)
                        scan_text(&image, blob_span(&copy->content));
        }
}

static const struct fact_decl mdadm_facts[] = {
        { LIST, FACT_ARRAY, "what mdadm.conf says of the disks of arrays" },
        { LIST "/*/file", FACT_STRING, "where it stands" },
        { LIST "/*/line", FACT_INT, "its first line" },
        { LIST "/*/text", FACT_STRING, "that line" },
        { LIST "/*/role", FACT_STRING,
          "DEVICE, of all such lines, ARRAY, or md= on the kernel command line" },
        { LIST "/*/value", FACT_STRING, "the patterns" },
        { LIST "/*/array", FACT_STRING, "of ARRAY and md=, which; else null" },
        { LIST "/*/in_image", FACT_BOOL, "it stands in the initramfs" },
        { LIST "/*/verdict", FACT_STRING, "what of NVMe disks: accepted, rejected or unclear" },
        { LIST "/*/why", FACT_STRING, "the same as a clause" },
        { LIST "/*/effect", FACT_STRING,
          "without the array: no-boot, emergency, hang, degraded or harmless" },
        { LIST "/*/effect_text", FACT_STRING, "the same as a sentence" },
        {}
};

const struct probe probe_mdadm = {
        .name = "mdadm",
        .needs = PROBE_NEEDS("fstab", "boot", "initramfs"),
        .provides = mdadm_facts,
        .run = run_mdadm,
};
