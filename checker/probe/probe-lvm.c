/*
 * Whether LVM will look at the disks that Nitro shows: its filters, in lvm.conf and lvmlocal.conf,
 * and its devices file, of the root and of the initramfs.
 *   https://man7.org/linux/man-pages/man5/lvm.conf.5.html
 *   https://man7.org/linux/man-pages/man8/lvmdevices.8.html
 *   lib/device/device_id.c of lvm2: an entry with IDTYPE=devname whose name is gone is looked for
 *   by its PVID, but with search_for_devnames="auto", the default, only on devices without a
 * lasting id of their own, and NVMe disks have one (wwid)
 */
#include <errno.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/lvmconf.h"
#include "parse/lvmfilter.h"
#include "probe/bootparam.h"
#include "probe/device-use.h"
#include "probe/devref.h"
#include "probe/names.h"
#include "probe/shared.h"
#include "probe/udevlinks.h"

#define FILTERS      "/lvm/filters"
#define DEVICES      "/lvm/devices"
#define DEVICES_FILE "/etc/lvm/devices/system.devices"
#define DEVICES_MAX  (256u << 10) /* bytes */
#define ENTRIES_MAX  200

/* One place, the root or the image, that has the files of LVM. */
struct place {
        struct probe_context *context;
        bool in_image;
        bool used; /* there are logical volumes */
        /* lvm.conf, and lvmlocal.conf, whose settings come after and count. */
        struct file {
                char *name; /* for evidence; NULL: not there */
                struct blob content;
                struct lvmconf conf;
                bool parsed;
        } files[2];
};

/* ---- who needs it ---- */

/* Devices of others that the classifier puts with those below /dev/mapper. */
static bool is_others_device(const char *value)
{
        static const char *const prefixes[] = {
                "/dev/md",     "/dev/mapper/luks-", "/dev/zd",  "/dev/zvol/",       "/dev/drbd",
                "/dev/bcache", "/dev/nbd",          "/dev/rbd", "/dev/mapper/mpath"
        };

        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                if (str_startswith(value, prefixes[i]))
                        return true;
        return false;
}

static bool is_logical_volume(const void *data, const char *value)
{
        const struct place *p = data;

        if (str_startswith(value, "/dev/disk/by-id/dm-"))
                return true;
        if (devref_classify(p->context->volume, value) != DEVNAME_MAPPER || is_others_device(value))
                return false;
        for (size_t i = 0; i < facts_count(p->context->facts, "/crypttab/devices"); i++) {
                cleanup_free char *path = xasprintf("/crypttab/devices/%zu/name", i);
                const char *name = facts_str(p->context->facts, path);

                if (name && streq(str_after(value, "/dev/mapper/"), name))
                        return false;
        }
        return true;
}

static bool has_files(const struct volume *v, const char *dir)
{
        cleanup_strv struct strv names = { 0 };

        return volume_list(v, dir, &names, NULL) > 0 && names.n > 0;
}

/* LVM keeps a copy of the metadata of every group; fstab and root= name what is wanted. */
static bool is_used(const struct place *p)
{
        const struct facts *f = p->context->facts;
        const char *root = bootparam_last(f, "root");

        if (has_files(p->context->volume, "/etc/lvm/backup") ||
            has_files(p->context->volume, "/etc/lvm/archive") || bootparam_has(f, "rd.lvm.lv") ||
            bootparam_has(f, "rd.lvm.vg") || (root && is_logical_volume(p, root)))
                return true;
        for (size_t i = 0; i < facts_count(f, "/fstab/devices"); i++) {
                cleanup_free char *path = xasprintf("/fstab/devices/%zu/value", i);
                const char *value = facts_str(f, path);

                if (value && is_logical_volume(p, value))
                        return true;
        }
        return false;
}

static void publish_effect(const struct place *p, const char *path)
{
        struct device_query query = {
                .is_it = is_logical_volume,
                .data = p,
                .what = "its logical volumes",
                .early = p->in_image,
                .in_image = p->in_image
                                    ? "The root file system is on no logical volume, and what is "
                                      "mounted later goes by the root's own files."
                                    : NULL,
        };
        cleanup_device_use struct device_use use = { 0 };

        if (!p->used) {
                facts_set_str(p->context->facts, "harmless", "%s/effect", path);
                facts_set_str(p->context->facts,
                              "Nothing here shows that this machine has logical volumes.",
                              "%s/effect_text", path);
                return;
        }
        device_use_find(p->context, &query, &use);
        device_use_publish(p->context->facts, path, &use);
}

/* ---- configuration ---- */

/* A setting that counts, and in *ret_file whose it is. */
static const struct lvmconf_setting *find(const struct place *p, const char *path,
                                          const struct file **ret_file)
{
        for (size_t i = ARRAY_SIZE(p->files); i-- > 0;) {
                const struct lvmconf_setting *s =
                        p->files[i].parsed ? lvmconf_find(&p->files[i].conf, path) : NULL;

                if (s) {
                        *ret_file = &p->files[i];
                        return s;
                }
        }
        return NULL;
}

static const char *find_value(const struct place *p, const char *path)
{
        const struct file *file;
        const struct lvmconf_setting *s = find(p, path, &file);

        return s && s->n == 1 ? file->conf.values[s->first].text : NULL;
}

/* ---- filters ---- */

struct verdict {
        const char *name, *why;
};

static bool accepts(const struct lvmfilter *f, const char *name, bool otherwise)
{
        bool accept = false;

        return lvmfilter_match(f, name, &accept) < 0 ? otherwise : accept;
}

static size_t count_accepted(const struct lvmfilter *f, const char *const *names, bool otherwise)
{
        size_t n = 0;

        for (; *names; names++)
                n += accepts(f, *names, otherwise);
        return n;
}

/* The names that a disk and a partition have on Nitro, whatever their numbers are. */
static struct verdict judge_filter(const struct place *p, const struct lvmfilter *f)
{
        static const char *const names[] = { "/dev/nvme0n1",
                                             "/dev/nvme1n1",
                                             "/dev/nvme12n1",
                                             "/dev/nvme0n1p1",
                                             "/dev/nvme1n1p2",
                                             "/dev/nvme12n1p15",
                                             NULL };
        static const char *const links[] = {
                "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
                "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0-part1",
                "/dev/disk/by-id/lvm-pv-uuid-0Ab1Cd-2Ef3-Gh4I-jK5L-6Mn7-Op8Q-Rs9Tuv",
                "/dev/disk/by-partuuid/4e32584e-01",
                "/dev/disk/by-path/pci-0000:00:04.0-nvme-1",
                "/dev/disk/by-path/pci-0000:00:04.0-nvme-1-part1",
                NULL,
        };
        static const char *const xen[] = { "/dev/sdf", "/dev/xvdf", "/dev/sda1", "/dev/xvda1",
                                           NULL };
        size_t n = count_accepted(f, names, true);

        if (n == ARRAY_SIZE(names) - 1)
                return (struct verdict){ "accepted", "it takes NVMe disks and their partitions" };
        if (n > 0)
                return (struct verdict){ "unclear", "it takes some NVMe disks or partitions, and "
                                                    "leaves others out" };
        if (count_accepted(f, links, false) > 0)
                return (struct verdict){ "unclear", "it leaves out the names of NVMe disks, but "
                                                    "takes some links to disks" };
        if (!p->in_image && count_accepted(f, xen, false) > 0 &&
            udevlinks_find(shared_links(p->context), "/dev/xvdf", DEVNAME_XEN).fate !=
                    UDEVLINK_UNEXPLAINED)
                return (struct verdict){ "unclear", "it takes names of Xen only, and a udev rule "
                                                    "may make such names on Nitro" };
        return (struct verdict){ "rejected", "it leaves out every NVMe disk" };
}

/* Directories in which LVM looks for devices, "/dev" if nothing is said. */
static void publish_scan(const struct place *p)
{
        struct facts *facts = p->context->facts;
        const struct file *file;
        const struct lvmconf_setting *s = find(p, "devices/scan", &file);
        cleanup_free char *path = NULL;

        for (size_t i = 0; s && i < s->n; i++)
                if (streq(file->conf.values[s->first + i].text, "/dev"))
                        return;
        if (!s)
                return;
        path = xasprintf(FILTERS "/%zu", facts_count(facts, FILTERS));
        facts_set_evidence(facts, path, file->name, s->line, s->text);
        facts_set_str(facts, s->path, "%s/setting", path);
        facts_set_bool(facts, p->in_image, "%s/in_image", path);
        publish_effect(p, path);
        facts_set_str(facts, "unclear", "%s/verdict", path);
        facts_set_str(facts, "it does not name /dev, so that LVM may see no disk", "%s/why", path);
}

static void publish_filter(const struct place *p, const char *setting)
{
        struct facts *facts = p->context->facts;
        cleanup_lvmfilter struct lvmfilter *filter = NULL;
        cleanup_free const char **patterns = NULL;
        cleanup_free char *path = NULL;
        const struct file *file;
        const struct lvmconf_setting *s = find(p, setting, &file);
        struct verdict verdict;
        struct err err = { 0 };

        if (!s)
                return;
        path = xasprintf(FILTERS "/%zu", facts_count(facts, FILTERS));
        facts_set_evidence(facts, path, file->name, s->line, s->text);
        facts_set_str(facts, setting, "%s/setting", path);
        facts_set_bool(facts, p->in_image, "%s/in_image", path);
        publish_effect(p, path);
        patterns = xcalloc(s->n + 1, sizeof(*patterns));
        for (size_t i = 0; i < s->n; i++)
                patterns[i] = file->conf.values[s->first + i].text;
        if (lvmfilter_compile(patterns, s->n, &filter, &err) < 0) {
                cleanup_free char *below = xasprintf("%s/verdict", path);

                facts_unknown(facts, below, file->name, "%s", err.text);
                return;
        }
        verdict = judge_filter(p, filter);
        facts_set_str(facts, verdict.name, "%s/verdict", path);
        facts_set_str(facts, verdict.why, "%s/why", path);
}

/* ---- the devices file ---- */

/* The value of KEY= in a line of words; NULL: it has none, or ".", which stands for none. */
static char *take_word(struct span line, const char *key)
{
        size_t n = strlen(key);

        for (size_t i = 0; i + n <= line.len; i++) {
                size_t len = 0;

                if ((i > 0 && line.data[i - 1] != ' ') || memcmp(line.data + i, key, n) != 0)
                        continue;
                while (i + n + len < line.len && !ascii_isspace(line.data[i + n + len]))
                        len++;
                return len == 1 && line.data[i + n] == '.' ? NULL
                                                           : xmemdup0(line.data + i + n, len);
        }
        return NULL;
}

static void publish_device(const struct place *p, const char *file, const struct line *line,
                           const char *search, bool refreshed)
{
        cleanup_free char *type = take_word(line->text, "IDTYPE=");
        cleanup_free char *name = take_word(line->text, "IDNAME=");
        cleanup_free char *part = take_word(line->text, "PVID="), *path = NULL;
        struct name_use use = {
                .list = DEVICES,
                .file = file,
                .line = line->number,
                .text = line->text,
                .value = name,
                .role = "devname",
                .form = NAME_AS_IS,
        };

        if (!streq(type, "devname") || !name)
                return;
        path = names_publish(p->context, &use);
        if (!path)
                return;
        facts_set_str(p->context->facts, part, "%s/pvid", path);
        facts_set_str(p->context->facts, search, "%s/search", path);
        facts_set_bool(p->context->facts, refreshed, "%s/refreshed", path);
        publish_effect(p, path);
}

static void scan_devices(const struct place *p, const char *file, struct span text)
{
        const char *search = find_value(p, "devices/search_for_devnames");
        struct lines lines = lines_of(text);
        bool refreshed = false;
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *uuid = take_word(line.text, "PRODUCT_UUID=");
                cleanup_free char *host = take_word(line.text, "HOSTNAME=");

                refreshed |= uuid || host;
                if (facts_count(p->context->facts, DEVICES) > ENTRIES_MAX) {
                        facts_unknown(p->context->facts, DEVICES, file,
                                      "it has more entries than are looked at");
                        return;
                }
                publish_device(p, file, &line, search ? search : "auto", refreshed);
        }
}

/* ---- places ---- */

static void not_known(const struct place *p, const char *file, const char *why)
{
        if (p->used) {
                facts_unknown(p->context->facts, FILTERS, file, "%s", why);
                facts_unknown(p->context->facts, DEVICES, file, "%s", why);
        } else {
                facts_problem(p->context->facts, file, "%s", why);
        }
}

static bool parse_files(struct place *p)
{
        struct err err = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(p->files); i++) {
                struct file *file = &p->files[i];

                if (!file->name)
                        continue;
                if (lvmconf_parse(blob_span(&file->content), &file->conf, &err) < 0) {
                        not_known(p, file->name, err.text);
                        return false;
                }
                file->parsed = true;
        }
        return true;
}

static void publish(struct place *p, const char *devices, const struct blob *content)
{
        if (!parse_files(p))
                return;
        /* LVM ignores its filters where it goes by a devices file. */
        if (devices && !streq(find_value(p, "devices/use_devicesfile"), "0")) {
                scan_devices(p, devices, blob_span(content));
                return;
        }
        publish_scan(p);
        publish_filter(p, "devices/global_filter");
        publish_filter(p, "devices/filter");
}

static void place_done(struct place *p)
{
        for (size_t i = 0; i < ARRAY_SIZE(p->files); i++) {
                free(p->files[i].name);
                blob_done(&p->files[i].content);
                lvmconf_done(&p->files[i].conf);
        }
}

static const char *const config_files[] = { "/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf" };

static void look_at_root(struct place *p)
{
        cleanup_blob struct blob devices = { 0 };
        struct err err = { 0 };
        int r;

        for (size_t i = 0; i < ARRAY_SIZE(config_files); i++) {
                r = volume_read(p->context->volume, config_files[i], LVMCONF_MAX,
                                &p->files[i].content, &err);
                if (r < 0) {
                        not_known(p, config_files[i], err.text);
                        return;
                }
                if (r > 0)
                        p->files[i].name = xstrdup(config_files[i]);
        }
        r = volume_read(p->context->volume, DEVICES_FILE, DEVICES_MAX, &devices, &err);
        if (r < 0)
                not_known(p, DEVICES_FILE, err.text);
        else
                publish(p, r > 0 ? DEVICES_FILE : NULL, &devices);
}

static void look_at_image(struct place *p)
{
        const struct image_copy *devices = shared_copy(p->context, &DEVICES_FILE[1]);
        bool any = devices;

        for (size_t i = 0; i < ARRAY_SIZE(config_files); i++) {
                const struct image_copy *copy = shared_copy(p->context, config_files[i] + 1);

                if (!copy)
                        continue;
                any = true;
                if (copy->unread) {
                        not_known(p, copy->place, "its content is not known");
                        return;
                }
                p->files[i].name = xstrdup(copy->place);
                p->files[i].content =
                        (struct blob){ xmemdup0(copy->content.data, copy->content.len),
                                       copy->content.len };
        }
        if (devices && devices->unread)
                not_known(p, devices->place, "its content is not known");
        else if (any)
                publish(p, devices ? devices->place : NULL, devices ? &devices->content : NULL);
}

static void run_lvm(struct probe_context *context)
{
        _cleanup_(place_done) struct place root = { .context = context };
        _cleanup_(place_done) struct place image = { .context = context, .in_image = true };

        facts_set_array(context->facts, FILTERS);
        facts_set_array(context->facts, DEVICES);
        root.used = image.used = is_used(&root);
        facts_set_bool(context->facts, root.used, "/lvm/used");
        look_at_root(&root);
        look_at_image(&image);
}

static const struct fact_decl lvm_facts[] = {
        { "/lvm/used", FACT_BOOL, "there are signs of logical volumes" },
        { FILTERS, FACT_ARRAY, "filters of LVM that are set and count" },
        { FILTERS "/*/file", FACT_STRING, "where it stands" },
        { FILTERS "/*/line", FACT_INT, "its first line" },
        { FILTERS "/*/text", FACT_STRING, "that line" },
        { FILTERS "/*/setting", FACT_STRING,
          "devices/filter, devices/global_filter or devices/scan" },
        { FILTERS "/*/in_image", FACT_BOOL, "it stands in the initramfs" },
        { FILTERS "/*/verdict", FACT_STRING, "what of NVMe disks: accepted, rejected or unclear" },
        { FILTERS "/*/why", FACT_STRING, "the same as a clause" },
        { FILTERS "/*/effect", FACT_STRING,
          "if no disk passes: no-boot, emergency, hang, degraded or harmless" },
        { FILTERS "/*/effect_text", FACT_STRING, "the same as a sentence" },
        { DEVICES, FACT_ARRAY, "disks that LVM's devices file knows by name only" },
        NAMES_FACTS(DEVICES),
        { DEVICES "/*/pvid", FACT_STRING, "id of the physical volume, null: not written there" },
        { DEVICES "/*/search", FACT_STRING,
          "search_for_devnames: none, auto (also if not set), all" },
        { DEVICES "/*/refreshed", FACT_BOOL,
          "the file says which machine wrote it, so that a newer LVM looks anew on another" },
        { DEVICES "/*/effect", FACT_STRING,
          "if it is not found: no-boot, emergency, hang, degraded or harmless" },
        { DEVICES "/*/effect_text", FACT_STRING, "the same as a sentence" },
        {}
};

const struct probe probe_lvm = {
        .name = "lvm",
        .needs = PROBE_NEEDS("fstab", "boot", "initramfs", "crypttab"),
        .provides = lvm_facts,
        .run = run_lvm,
};
