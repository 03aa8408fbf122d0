/*
 * Starts without an initramfs: the kernel mounts its root alone, with what is built into it. So it
 * is, too, when the image holds nothing but microcode: the kernel looks for /init inside, and does
 * without when there is none (init/main.c, kernel_init_freeable()).
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/rpmvercmp.h"
#include "probe/bootparam.h"
#include "probe/devref.h"
#include "probe/modules.h"
#include "probe/probe.h"

/* ---- the root's file system ------------------------------------------------------------------ */

static const struct {
        const char *type, *module, *config;
} filesystems[] = {
        { "ext4", "ext4", "CONFIG_EXT4_FS=y" },    { "ext3", "ext4", "CONFIG_EXT4_FS=y" },
        { "ext3", "ext3", "CONFIG_EXT3_FS=y" },    { "ext2", "ext4", "CONFIG_EXT4_FS=y" },
        { "ext2", "ext2", "CONFIG_EXT2_FS=y" },    { "xfs", "xfs", "CONFIG_XFS_FS=y" },
        { "btrfs", "btrfs", "CONFIG_BTRFS_FS=y" },
};

/* By the superblock, else by fstab; NULL: not known. Borrowed. */
static const char *root_type(const struct facts *f)
{
        const char *type = facts_str(f, "/volume/fs_type");
        size_t n = facts_count(f, "/fstab/entries");

        for (size_t i = 0; i < n && !type; i++) {
                cleanup_free char *target = xasprintf("/fstab/entries/%zu/target", i);
                cleanup_free char *path = xasprintf("/fstab/entries/%zu/type", i);

                if (streq(facts_str(f, target), "/"))
                        type = facts_str(f, path);
        }
        return streq(type, "auto") ? NULL : type;
}

static bool has_line(struct span text, const char *want)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line))
                if (span_eq(line.text, want))
                        return true;
        return false;
}

/* What is built in is said by modules.builtin or, without one, by the configuration. */
static void publish_builtin(struct probe_context *context, const char *type)
{
        struct facts *f = context->facts;
        const char *dir = facts_str(f, "/drivers/dir"), *release;
        cleanup_free char *list = dir ? xasprintf("%s/modules.builtin", dir) : NULL, *config = NULL;
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        bool known = false, found = false;
        int r = list ? volume_read(context->volume, list, VOLUME_CONFIG_MAX, &text, &err) : 0;
        bool by_list = r > 0;

        release = facts_str(f, "/boot/kernel/release");
        if (r == 0 && release) {
                config = xasprintf("/boot/config-%s", release);
                r = volume_read(context->volume, config, VOLUME_CONFIG_MAX, &text, &err);
        }
        for (size_t i = 0; i < ARRAY_SIZE(filesystems) && r > 0; i++) {
                if (!streq(filesystems[i].type, type))
                        continue;
                known = true;
                found |= by_list ? modules_builtin_text_has(blob_span(&text), filesystems[i].module)
                                 : has_line(blob_span(&text), filesystems[i].config);
        }
        if (known)
                facts_set_bool(f, found, "/initrdless/builtin");
        else
                facts_unknown(f, "/initrdless/builtin", by_list ? list : config,
                              "whether the file system %s is part of the kernel is not known%s%s",
                              type, r < 0 ? ": " : "", r < 0 ? err.text : "");
}

static void publish_filesystem(struct probe_context *context)
{
        const char *type = root_type(context->facts);

        if (type) {
                facts_set_str(context->facts, type, "/initrdless/filesystem");
                publish_builtin(context, type);
                return;
        }
        facts_unknown(context->facts, "/initrdless/filesystem", NULL,
                      "the type of the root file system is not known");
        facts_unknown(context->facts, "/initrdless/builtin", NULL,
                      "the type of the root file system is not known");
}

/* ---- root= ----------------------------------------------------------------------------------- */

/*
 * Who understands the name: "kernel" or "initramfs"; NULL: cannot be told.
 * https://docs.kernel.org/admin-guide/kernel-parameters.html (root=)
 */
static const char *who_understands(const char *value, const char *kind, const char *release)
{
        static const char *const names[] = { "xen", "scsi", "ide", "nvme", "xen-by-path" };

        if (str_startswith(value, "PARTUUID="))
                return "kernel";
        /* Since 4.20. */
        if (str_startswith(value, "PARTLABEL="))
                return release && rpmvercmp(release, "4.20", false) > 0 ? "kernel" : NULL;
        /* Whether a name lasts is another question, see /cmdline/root. */
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (streq(kind, names[i]))
                        return "kernel";
        if (streq(kind, "tag") || streq(kind, "link") || streq(kind, "by-path") ||
            str_startswith(value, "/dev/mapper/"))
                return "initramfs";
        return NULL;
}

/* The name of the partition that a name of today means, if that is certain. */
static char *find_partuuid(const struct probe_context *context, const char *value)
{
        const struct blkid_device *d = devref_find(context->blkids, value, true);
        const char *partuuid = d ? d->partuuid : NULL;

        if (streq(facts_str(context->facts, "/cmdline/root/resolves"), "yes"))
                partuuid = facts_str(context->facts, "/volume/partuuid");
        return partuuid ? xasprintf("PARTUUID=%s", partuuid) : NULL;
}

static void publish_root(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *value = facts_str(f, "/cmdline/root/value"), *why, *file = NULL, *who;
        cleanup_free char *fix = NULL;
        struct json_object *root;
        int r = facts_get(f, "/cmdline/root", &root);

        if (r < 0 || (r > 0 && !value)) {
                why = facts_why_unknown(f, "/cmdline/root", &file);
                facts_unknown(f, "/initrdless/root", file, "%s",
                              why ? why : "the kernel's command line is not known");
                return;
        }
        if (r == 0) {
                facts_set_str(f, "none", "/initrdless/root");
                facts_set_null(f, "/initrdless/partuuid");
                return;
        }
        who = who_understands(value, facts_str(f, "/cmdline/root/kind"),
                              facts_str(f, "/boot/kernel/release"));
        if (who)
                facts_set_str(f, who, "/initrdless/root");
        else
                facts_unknown(f, "/initrdless/root", facts_str(f, "/cmdline/root/file"),
                              "whether this kernel understands root=%s is not known", value);
        fix = find_partuuid(context, value);
        facts_set_str(f, fix, "/initrdless/partuuid");
}

/* ---- the second try -------------------------------------------------------------------------- */

/*
 * Ubuntu's grub.cfg with GRUB_FORCE_PARTUUID notes in grubenv that it tries without an initramfs;
 * after a panic (panic=-1 starts anew at once) it takes the entry with one.
 */
static bool has_second_try(struct probe_context *context)
{
        static const char *const envs[] = { "/boot/grub/grubenv", "/boot/grub2/grubenv" };
        const char *config = facts_str(context->facts, "/boot/config");
        const char *panic = bootparam_last(context->facts, "panic");
        cleanup_blob struct blob text = { 0 };
        struct stat st;

        if (!config || !panic || streq(panic, "0") ||
            volume_read(context->volume, config, VOLUME_CONFIG_MAX, &text, NULL) <= 0 ||
            !memmem(text.data, text.len, "initrdfail", strlen("initrdfail")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(envs); i++)
                if (volume_stat(context->volume, envs[i], &st, NULL) > 0)
                        return true;
        return false;
}

/* ---------------------------------------------------------------------------------------------- */

static void publish_entry(struct probe_context *context)
{
        struct facts *f = context->facts;
        struct bootparam_place place = bootparam_place(f);

        facts_set_evidence(f, "/initrdless", place.file, place.line, span_of(place.text));
        publish_filesystem(context);
        publish_root(context);
        facts_set_bool(f, bootparam_has(f, "rootwait") || bootparam_has(f, "rootdelay"),
                       "/initrdless/waits");
        facts_set_bool(f, has_second_try(context), "/initrdless/second_try");
}

static void run_initrdless(struct probe_context *context)
{
        struct facts *f = context->facts;
        struct json_object *used;
        const char *why, *file = NULL;

        if (facts_get(f, "/initramfs/used", &used) <= 0) {
                why = facts_why_unknown(f, "/initramfs", &file);
                facts_unknown(f, "/initrdless", file, "%s",
                              why ? why : "which initramfs starts next is not known");
        } else if (facts_bool(f, "/initramfs/init", true)) {
                facts_set_null(f, "/initrdless");
        } else {
                publish_entry(context);
        }
}

static const struct fact_decl initrdless_facts[] = {
        { "/initrdless", FACT_OBJECT,
          "the kernel starts without an initramfs; null: an image is named, and not known to be "
          "without /init" },
        { "/initrdless/file", FACT_STRING, "where the kernel's line is" },
        { "/initrdless/line", FACT_INT, "its line" },
        { "/initrdless/text", FACT_STRING, "that line" },
        { "/initrdless/filesystem", FACT_STRING, "type of the root file system" },
        { "/initrdless/builtin", FACT_BOOL, "that type is part of the kernel itself" },
        { "/initrdless/root", FACT_STRING, "who understands root=: kernel, initramfs; or none" },
        { "/initrdless/partuuid", FACT_STRING, "PARTUUID= of that root, null: not certain" },
        { "/initrdless/waits", FACT_BOOL, "the kernel is told to wait for its root" },
        { "/initrdless/second_try", FACT_BOOL, "after a panic GRUB tries with an initramfs" },
        {}
};

const struct probe probe_initrdless = {
        .name = "initrdless",
        .needs = PROBE_NEEDS("volume", "fstab", "boot", "cmdline", "drivers", "initramfs"),
        .provides = initrdless_facts,
        .run = run_initrdless,
};
