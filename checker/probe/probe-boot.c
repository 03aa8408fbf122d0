/*
 * Which kernel the boot loader starts next, with which command line and initrds: finds the boot
 * loader, has its configuration read (boot-*.c) and publishes the outcome. Everything that cannot
 * be told for certain is said to be unknown.
 */
#include <errno.h>

#include "base/str.h"
#include "probe/boot.h"

/* ---- finding the loader ---------------------------------------------------------------------- */

static bool exists(const struct boot_probe *b, const char *path)
{
        struct stat st;

        return volume_stat(b->context->volume, path, &st, NULL) == 1;
}

bool boot_is_same_file(const struct boot_probe *b, const char *path, const char *other)
{
        struct stat x, y;

        return volume_stat(b->context->volume, path, &x, NULL) == 1 &&
               volume_stat(b->context->volume, other, &y, NULL) == 1 && x.st_dev == y.st_dev &&
               x.st_ino == y.st_ino;
}

int boot_find_only(const struct boot_probe *b, const char *const *paths, size_t n, const char **ret,
                   struct err *err)
{
        const char *found = NULL;

        for (size_t i = 0; i < n; i++) {
                struct stat st;
                int r = volume_stat(b->context->volume, paths[i], &st, err);

                if (r < 0)
                        return r;
                if (r == 0 || (found && boot_is_same_file(b, found, paths[i])))
                        continue;
                if (found)
                        return err_set(err, -EEXIST,
                                       "there are %s and %s: which of the two is used cannot be "
                                       "told",
                                       found, paths[i]);
                found = paths[i];
        }
        *ret = found;
        return found != NULL;
}

static int find_grub2(const struct boot_probe *b, const char **ret, struct err *err)
{
        static const char *const configs[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" };

        return boot_find_only(b, configs, ARRAY_SIZE(configs), ret, err);
}

/* One whose configuration is there is taken to be installed. */
static const struct boot_loader {
        const char *name;
        /* 1 and its configuration, 0, or an error: what cannot be looked at may be one. */
        int (*find)(const struct boot_probe *b, const char **ret_config, struct err *err);
        int (*read)(const struct boot_probe *b, const char *config, struct span text,
                    struct bootmenu *ret, struct err *err);
        bool uefi; /* nothing a BIOS starts */
} loaders[] = {
        { "grub2", find_grub2, boot_read_grub2, false },
        { "grub-legacy", boot_find_grub_legacy, boot_read_grub_legacy, false },
        { "syslinux", boot_find_syslinux, boot_read_syslinux, false },
        { "systemd-boot", boot_find_systemd, boot_read_systemd, true },
        { "grub2", boot_find_grub2_efi, boot_read_grub2, true },
};

static const char *mount_directory(const struct boot_probe *b)
{
        const char *dir = volume_path(b->context->volume);

        return streq(dir, "/") ? "" : dir;
}

static void explain_absence(const struct boot_probe *b)
{
        struct facts *f = b->context->facts;
        const char *esp = boot_find_unmounted_esp(b);

        if (b->separate)
                facts_unknown(f, "/boot", "/etc/fstab",
                              "/boot is a volume of its own and not mounted; mount it at %s/boot",
                              mount_directory(b));
        else if (exists(b, "/boot/grub/menu.lst") || exists(b, "/boot/grub/grub.conf"))
                facts_unknown(f, "/boot", "/boot/grub",
                              "it has the menu of GRUB legacy, but not GRUB legacy (stage2): "
                              "another loader reads that, as Xen's for paravirtual machines does");
        else if (boot_has_syslinux_config(b))
                facts_unknown(f, "/boot", NULL,
                              "there is a configuration of Syslinux, but not Syslinux "
                              "(ldlinux.sys)");
        else if (esp)
                facts_unknown(f, "/boot", "/etc/fstab",
                              "there is no loader for a BIOS, and the EFI system partition, where "
                              "one for UEFI would be, is not mounted; mount it at %s%s",
                              mount_directory(b), esp);
        else
                facts_unknown(f, "/boot", NULL,
                              "no boot loader configuration found in /boot; if /boot is a volume "
                              "of its own mount it at %s/boot",
                              mount_directory(b));
}

/* 1 and the only loader that this firmware can start, 0: there is none, or an error. */
static int find_loader(const struct boot_probe *b, bool uefi, const struct boot_loader **ret,
                       const char **ret_config, struct err *err)
{
        *ret = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
                const char *config = NULL;
                int r = loaders[i].uefi == uefi ? loaders[i].find(b, &config, err) : 0;

                if (r < 0)
                        return r;
                if (r > 0 && *ret)
                        return err_set(err, -EEXIST,
                                       "there are %s and %s: which of the two is used cannot be "
                                       "told",
                                       *ret_config, config);
                if (r == 0)
                        continue;
                *ret = &loaders[i];
                *ret_config = config;
        }
        return *ret != NULL;
}

/*
 * Xen instances have a BIOS, which starts nothing of an EFI system partition: with a loader for
 * each firmware the one for the BIOS has started this machine. A Nitro instance has UEFI when the
 * boot mode of its image is "uefi" or "uefi-preferred".
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html
 */
static void note_firmware(const struct boot_probe *b, const struct boot_loader *used)
{
        const struct boot_loader *other;
        struct err err = { 0 };
        const char *config;

        if (used->uefi)
                facts_problem(b->context->facts, NULL,
                              "the only boot loader here is one for UEFI, which no Xen instance "
                              "has: what is said is true of a Nitro instance whose boot mode is "
                              "uefi or uefi-preferred");
        else if (find_loader(b, true, &other, &config, &err) > 0 && !boot_is_stub(b, config))
                facts_problem(b->context->facts, config,
                              "with UEFI this is what starts and not the loader for a BIOS, of "
                              "which all else is said: should the boot mode of the AMI be "
                              "uefi-preferred, that is what happens on Nitro");
}

/* The loader that counts and its configuration, or NULL and the reason is said. */
static const struct boot_loader *choose_loader(struct boot_probe *b, const char **ret_config)
{
        const struct boot_loader *loader;
        struct err err = { 0 };
        int r = find_loader(b, false, &loader, ret_config, &err);

        if (r == 0)
                r = find_loader(b, true, &loader, ret_config, &err);
        if (r < 0)
                facts_unknown(b->context->facts, "/boot", NULL, "%s", err.text);
        else if (r == 0)
                explain_absence(b);
        if (r <= 0)
                return NULL;
        note_firmware(b, loader);
        if (loader->uefi)
                b->esp = boot_esp_of(*ret_config);
        return loader;
}

static bool is_on_root_device(const struct boot_probe *b, const char *path)
{
        struct stat root, st;

        return volume_stat(b->context->volume, "/", &root, NULL) == 1 &&
               volume_stat(b->context->volume, path, &st, NULL) == 1 && st.st_dev == root.st_dev;
}

/*
 * Files that lie in /boot of the root volume while a volume of its own belongs there are not the
 * ones GRUB sees. A tree that is no mount may have been unpacked with everything in it.
 */
static bool is_boot_hidden(const struct boot_probe *b)
{
        if (!b->separate || !facts_bool(b->context->facts, "/volume/mount_point", false) ||
            !is_on_root_device(b, "/boot"))
                return false;
        facts_unknown(b->context->facts, "/boot", "/etc/fstab",
                      "/boot is a volume of its own and not mounted; mount it at %s/boot",
                      mount_directory(b));
        return true;
}

/* The same of the EFI system partition the loader was found on. */
static bool is_esp_hidden(const struct boot_probe *b)
{
        if (!b->esp || !boot_is_in_fstab(b, b->esp) ||
            !facts_bool(b->context->facts, "/volume/mount_point", false) ||
            !is_on_root_device(b, b->esp))
                return false;
        facts_unknown(b->context->facts, "/boot", "/etc/fstab",
                      "the EFI system partition is not mounted; mount it at %s%s",
                      mount_directory(b), b->esp);
        return true;
}

static bool has_separate_boot(const struct boot_probe *b)
{
        struct json_object *known;

        if (facts_get(b->context->facts, "/fstab/separate_boot", &known) == 1)
                return facts_bool(b->context->facts, "/fstab/separate_boot", false);
        return exists(b, "/boot") && !is_on_root_device(b, "/boot");
}

static bool is_red_hat(const char *id)
{
        static const char *const ids[] = { "rhel", "centos", "rocky", "almalinux",
                                           "ol",   "amzn",   "fedora" };

        for (size_t i = 0; id && i < ARRAY_SIZE(ids); i++)
                if (streq(id, ids[i]))
                        return true;
        return false;
}

static bool is_debian(const struct facts *f)
{
        const char *id = facts_str(f, "/os/id");

        return streq(id, "debian") || streq(id, "ubuntu");
}

/* The unified kernel image that the entry is, or NULL. */
static const char *find_unified(const struct facts *f)
{
        return facts_int(f, "/boot/entry/kernel/bytes", 0) > 0
                       ? facts_str(f, "/boot/entry/kernel/path")
                       : NULL;
}

/*
 * EXTLINUX: Alpine's update-extlinux and Debian's extlinux-update make the entries anew.
 *   https://git.alpinelinux.org/aports/tree/main/syslinux/update-extlinux
 *   https://manpages.debian.org/wheezy/extlinux/extlinux-update.8.en.html
 */
static char *find_syslinux_lines(const struct boot_probe *b)
{
        const char *file = facts_str(b->context->facts, "/boot/entry/kernel/file");

        if (exists(b, "/etc/update-extlinux.conf"))
                return xstrdup("default_kernel_opts (root= in root) of /etc/update-extlinux.conf, "
                               "and run `update-extlinux`");
        if (exists(b, "/etc/default/extlinux"))
                return xstrdup("EXTLINUX_PARAMETERS (root= in EXTLINUX_ROOT) of "
                               "/etc/default/extlinux, and run `extlinux-update`");
        return file ? xasprintf("every APPEND line of %s", file) : NULL;
}

/* Where the command lines are written where /boot/grubby and /boot/remake are not for them. */
static char *find_lines(const struct boot_probe *b)
{
        const struct facts *f = b->context->facts;
        const char *loader = facts_str(f, "/boot/loader"), *config = facts_str(f, "/boot/config");
        const char *file = facts_str(f, "/boot/entry/file"), *unified = find_unified(f);

        if (!file || streq(loader, "grub2"))
                return NULL;
        if (unified)
                return xasprintf("/etc/kernel/cmdline, and make the unified kernel image %s anew "
                                 "from that",
                                 unified);
        if (streq(loader, "systemd-boot"))
                return xasprintf("/etc/kernel/cmdline and the options of every entry in %.*s",
                                 (int)(strrchr(file, '/') - file), file);
        if (streq(loader, "syslinux"))
                return find_syslinux_lines(b);
        return is_debian(f) ? xasprintf("the line \"# kopt=\" of %s, which stays a comment, and "
                                        "run `update-grub`",
                                        config)
                            : xasprintf("every kernel line of %s", config);
}

/* With what an administrator of this system changes the command lines of its menu. */
static void publish_tools(const struct boot_probe *b)
{
        struct facts *f = b->context->facts;
        const char *config = facts_str(f, "/boot/config"), *id = facts_str(f, "/os/id");
        const char *loader = facts_str(f, "/boot/loader");
        bool legacy = streq(loader, "grub-legacy");
        bool bls = streq(loader, "grub2") && facts_bool(f, "/boot/entry/bls", false);
        bool grubby = bls || (legacy && is_red_hat(id));
        cleanup_free char *lines = grubby ? NULL : find_lines(b);
        cleanup_free char *remake =
                is_debian(f) ? xstrdup("update-grub")
                             : xasprintf("%s-mkconfig -o %s",
                                         str_startswith(config, "/boot/grub2/") ? "grub2" : "grub",
                                         config);

        facts_set_str(f, grubby ? "grubby --update-kernel=ALL" : NULL, "/boot/grubby");
        facts_set_str(f, grubby || !streq(loader, "grub2") ? NULL : remake, "/boot/remake");
        facts_set_str(f, lines, "/boot/lines");
        facts_set_str(f, find_unified(f), "/boot/unified");
}

/* The loader that counts, or NULL: it is not known which. */
static const struct boot_loader *read_loader(struct boot_probe *b)
{
        struct probe_context *context = b->context;
        cleanup_bootmenu struct bootmenu menu = { 0 };
        cleanup_blob struct blob text = { 0 };
        const struct boot_loader *loader;
        struct err err = { 0 };
        const char *config;
        int r;

        if (is_boot_hidden(b))
                return NULL;
        loader = choose_loader(b, &config);
        if (!loader || is_esp_hidden(b))
                return loader;
        if (volume_read(context->volume, config, VOLUME_CONFIG_MAX, &text, &err) < 0) {
                facts_unknown(context->facts, "/boot", NULL, "%s", err.text);
                return loader;
        }
        r = loader->read(b, config, blob_span(&text), &menu, &err);
        facts_set_str(context->facts, loader->name, "/boot/loader");
        facts_set_str(context->facts, menu.config ? menu.config : config, "/boot/config");
        if (r < 0)
                facts_unknown(context->facts, "/boot", config, "%s", err.text);
        else
                boot_publish_menu(b, &menu);
        publish_tools(b);
        return loader;
}

/* What starts the loader, and what has started this machine. */
static void publish_firmware(const struct boot_probe *b, const struct boot_loader *loader)
{
        bool live = volume_mode(b->context->volume) == VOLUME_LIVE;
        struct facts *f = b->context->facts;

        facts_set_str(f, !loader ? NULL : loader->uefi ? "uefi" : "bios", "/firmware/loader");
        facts_set_str(f,
                      !live                            ? NULL
                      : exists(b, "/sys/firmware/efi") ? "uefi"
                                                       : "bios",
                      "/firmware/started");
}

static void run_boot(struct probe_context *context)
{
        struct boot_probe b = { .context = context };

        b.separate = has_separate_boot(&b);
        publish_firmware(&b, read_loader(&b));
}

static const struct fact_decl boot_facts[] = {
        { "/firmware/loader", FACT_STRING,
          "bios or uefi: what starts the boot loader, null: that is not known" },
        { "/firmware/started", FACT_STRING,
          "bios or uefi: what has started this machine, null: a volume does not tell" },
        { "/boot/loader", FACT_STRING, "boot loader: grub2, grub-legacy, syslinux, systemd-boot" },
        { "/boot/config", FACT_STRING, "its configuration" },
        { "/boot/grubby", FACT_STRING, "command that edits all entries, null: not with grubby" },
        { "/boot/remake", FACT_STRING, "command that makes the menu anew, null: there is none" },
        { "/boot/lines", FACT_STRING,
          "where they are written by hand, for a sentence; null: one of the two does it" },
        { "/boot/unified", FACT_STRING, "the unified kernel image that starts, null: none" },
        { "/boot/entry", FACT_OBJECT, "the menu entry that is started next" },
        { "/boot/entry/title", FACT_STRING, "its title" },
        { "/boot/entry/id", FACT_STRING, "its id, or null" },
        { "/boot/entry/index", FACT_STRING, "its place in the menu, as 0 or 1>2" },
        { "/boot/entry/bls", FACT_BOOL, "it is a Boot Loader Specification file" },
        { "/boot/entry/chosen_by", FACT_STRING, "what says that it is this one" },
        { "/boot/entry/file", FACT_STRING, "where it is written" },
        { "/boot/entry/line", FACT_INT, "its line" },
        { "/boot/entry/text", FACT_STRING, "that line" },
        { "/boot/entry/kernel", FACT_OBJECT, "the kernel it loads" },
        { "/boot/entry/kernel/path", FACT_STRING, "the kernel, in the volume" },
        { "/boot/entry/kernel/offset", FACT_INT, "where it begins, of a part of that file" },
        { "/boot/entry/kernel/bytes", FACT_INT, "its size, of a part of that file" },
        { "/boot/entry/kernel/file", FACT_STRING, "where it is written" },
        { "/boot/entry/kernel/line", FACT_INT, "its line" },
        { "/boot/entry/kernel/text", FACT_STRING, "that line" },
        { "/boot/entry/initrd", FACT_ARRAY, "the initrds it loads, in order" },
        { "/boot/entry/initrd/*/path", FACT_STRING, "an initrd, in the volume" },
        { "/boot/entry/initrd/*/offset", FACT_INT, "where it begins, of a part of that file" },
        { "/boot/entry/initrd/*/bytes", FACT_INT, "its size, of a part of that file" },
        { "/boot/entry/initrd/*/file", FACT_STRING, "where it is written" },
        { "/boot/entry/initrd/*/line", FACT_INT, "its line" },
        { "/boot/entry/initrd/*/text", FACT_STRING, "that line" },
        { "/boot/entry/cmdline", FACT_STRING, "the kernel command line" },
        { "/boot/entry/args", FACT_OBJECT, "where that is written, null: where the kernel is" },
        { "/boot/entry/args/file", FACT_STRING, "where it is written" },
        { "/boot/entry/args/line", FACT_INT, "its line" },
        { "/boot/entry/args/text", FACT_STRING, "that line" },
        { "/boot/entry/params", FACT_ARRAY, "its parameters, in order" },
        { "/boot/entry/params/*/name", FACT_STRING, "name of a parameter" },
        { "/boot/entry/params/*/value", FACT_STRING, "its value, or null" },
        { "/boot/kernel/release", FACT_STRING, "release of that kernel, from its own header" },
        { "/boot/others", FACT_ARRAY,
          "the other entries, of those that start the same only one; the likeliest first" },
        { "/boot/others/*/title", FACT_STRING, "title" },
        { "/boot/others/*/id", FACT_STRING, "id, or null" },
        { "/boot/others/*/index", FACT_STRING, "place in the menu" },
        { "/boot/others/*/bls", FACT_BOOL, "it is a Boot Loader Specification file" },
        { "/boot/others/*/chosen_by", FACT_STRING, "what says so, null: nothing does" },
        { "/boot/others/*/role", FACT_STRING, "when it is started: after-once, fallback or menu" },
        { "/boot/others/*/role_text", FACT_STRING, "the same for a sentence" },
        { "/boot/others/*/effect", FACT_STRING, "what it means when it does not start" },
        { "/boot/others/*/starts", FACT_STRING, "linux, hypervisor or other" },
        { "/boot/others/*/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/line", FACT_INT, "its line" },
        { "/boot/others/*/text", FACT_STRING, "that line" },
        { "/boot/others/*/kernel", FACT_OBJECT, "the kernel it loads, null: none of Linux" },
        { "/boot/others/*/kernel/path", FACT_STRING, "the kernel, in the volume" },
        { "/boot/others/*/kernel/offset", FACT_INT, "where it begins, of a part of that file" },
        { "/boot/others/*/kernel/bytes", FACT_INT, "its size, of a part of that file" },
        { "/boot/others/*/kernel/present", FACT_BOOL, "it is there" },
        { "/boot/others/*/kernel/release", FACT_STRING, "its release, from its own header" },
        { "/boot/others/*/kernel/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/kernel/line", FACT_INT, "its line" },
        { "/boot/others/*/kernel/text", FACT_STRING, "that line" },
        { "/boot/others/*/initrd", FACT_ARRAY, "the initrds it loads, in order" },
        { "/boot/others/*/initrd/*/path", FACT_STRING, "an initrd, in the volume" },
        { "/boot/others/*/initrd/*/offset", FACT_INT, "where it begins, of a part of that file" },
        { "/boot/others/*/initrd/*/bytes", FACT_INT, "its size, of a part of that file" },
        { "/boot/others/*/initrd/*/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/initrd/*/line", FACT_INT, "its line" },
        { "/boot/others/*/initrd/*/text", FACT_STRING, "that line" },
        { "/boot/others/*/cmdline", FACT_STRING, "its kernel command line" },
        { "/boot/others/*/args", FACT_OBJECT, "where that is written, null: where the kernel is" },
        { "/boot/others/*/args/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/args/line", FACT_INT, "its line" },
        { "/boot/others/*/args/text", FACT_STRING, "that line" },
        { "/boot/others/*/root", FACT_OBJECT, "root= of it, null: none" },
        { "/boot/others/*/root/value", FACT_STRING, "what follows root=" },
        { "/boot/others/*/root/kind", FACT_STRING, "tag, link, xen, scsi ..." },
        {}
};

const struct probe probe_boot = {
        .name = "boot",
        .needs = PROBE_NEEDS("volume", "fstab"),
        .provides = boot_facts,
        .run = run_boot,
};
