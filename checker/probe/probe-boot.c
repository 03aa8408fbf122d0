/*
 * Which kernel the boot loader starts next, with which command line and initrds: finds the boot
 * loader, has its configuration read (boot-*.c) and publishes the outcome. Everything that cannot
 * be told for certain is said to be unknown.
 */
#include <errno.h>

#include "base/str.h"
#include "probe/boot.h"

/* ---- finding the loader ---------------------------------------------------------------------- */

/* Directories of Boot Loader Specification entries; an empty one starts nothing. */
#define GRUB_ENTRIES "/boot/loader/entries" /* may also be GRUB's */

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

static int has_names(const struct boot_probe *b, const char *directory, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(b->context->volume, directory, &names, err);

        return r < 0 ? r : names.n > 0;
}

/* 1 and the only one of these files there is, links taken into account; 0: none. */
static int find_only(const struct boot_probe *b, const char *const *paths, size_t n,
                     const char **ret, struct err *err)
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

        return find_only(b, configs, ARRAY_SIZE(configs), ret, err);
}

/*
 * Xen instances have a BIOS, which starts nothing of an EFI system partition: what is found there
 * alone did not start this machine.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instance-boot-mode.html
 */
#define NEEDS_UEFI "which UEFI firmware starts and the BIOS of a Xen instance cannot"

/*
 * A grub.cfg on the EFI system partition, where there is no other: Red Hat's up to version 8 is
 * complete, elsewhere it is a few lines that lead to the real one.
 */
static int find_grub2_efi(const struct boot_probe *b, const char **ret, struct err *err)
{
        static const char *const configs[] = {
                "/boot/efi/EFI/redhat/grub.cfg", "/boot/efi/EFI/centos/grub.cfg",
                "/boot/efi/EFI/rocky/grub.cfg",  "/boot/efi/EFI/almalinux/grub.cfg",
                "/boot/efi/EFI/fedora/grub.cfg", "/boot/efi/EFI/amzn/grub.cfg",
                "/boot/efi/EFI/debian/grub.cfg", "/boot/efi/EFI/ubuntu/grub.cfg",
        };
        const char *config;
        int r = find_grub2(b, &config, err);

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(configs); i++) {
                struct stat st;

                *ret = configs[i];
                r = volume_stat(b->context->volume, configs[i], &st, err);
                if (r != 0)
                        return r;
        }
        return r < 0 ? r : 0;
}

/* Entry files of a boot loader of its own; beside a grub.cfg some may be GRUB's. */
static int find_entries(const struct boot_probe *b, const char **ret, struct err *err)
{
        /* EFI/Linux holds kernels that are entries by themselves (unified kernel images). */
        static const char *const directories[] = {
                GRUB_ENTRIES,          "/boot/efi/loader/entries", "/efi/loader/entries",
                "/boot/efi/EFI/Linux", "/efi/EFI/Linux",           "/boot/EFI/Linux",
        };
        const char *config;
        int grub = find_grub2(b, &config, err);

        if (grub == 0)
                grub = find_grub2_efi(b, &config, err);

        for (size_t i = grub > 0; grub >= 0 && i < ARRAY_SIZE(directories); i++) {
                int r = has_names(b, directories[i], err);

                *ret = directories[i];
                if (r != 0)
                        return r;
        }
        return grub < 0 ? grub : 0;
}

/* One whose configuration is there is taken to be installed. */
static const struct boot_loader {
        const char *name;
        /* 1 and its configuration, 0, or an error: what cannot be looked at may be one. */
        int (*find)(const struct boot_probe *b, const char **ret_config, struct err *err);
        int (*read)(const struct boot_probe *b, const char *config, struct span text,
                    struct bootmenu *ret, struct err *err);
        const char *why; /* where read is NULL: why it is not understood */
        bool alone;      /* beside another it decides nothing */
} loaders[] = {
        { "grub2", find_grub2, boot_read_grub2 },
        { "grub-legacy", boot_find_grub_legacy, boot_read_grub_legacy },
        { "syslinux", boot_find_syslinux, boot_read_syslinux },
        { "systemd-boot", find_entries, NULL, "these are entries of systemd-boot, " NEEDS_UEFI },
        { "grub2-efi", find_grub2_efi, NULL, "this is the menu of a GRUB for UEFI, " NEEDS_UEFI,
          true },
};

static const char *mount_directory(const struct boot_probe *b)
{
        const char *dir = volume_path(b->context->volume);

        return streq(dir, "/") ? "" : dir;
}

static void explain_absence(const struct boot_probe *b)
{
        struct facts *f = b->context->facts;

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
        else
                facts_unknown(f, "/boot", NULL,
                              "no boot loader configuration found in /boot; if /boot is a volume "
                              "of its own mount it at %s/boot",
                              mount_directory(b));
}

static void refuse_second_loader(const struct boot_probe *b, const char *path, const char *config)
{
        facts_unknown(b->context->facts, "/boot", path,
                      "there is also %s: which of the two is used cannot be told", config);
}

static void refuse_loader(const struct boot_probe *b, const struct boot_loader *loader,
                          const char *config)
{
        facts_set_str(b->context->facts, loader->name, "/boot/loader");
        facts_set_str(b->context->facts, config, "/boot/config");
        facts_unknown(b->context->facts, "/boot", config, "%s", loader->why);
}

/* The only loader there is and its configuration, or NULL and the reason is said. */
static const struct boot_loader *find_loader(const struct boot_probe *b, const char **ret_config)
{
        const struct boot_loader *found = NULL;
        const char *config = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
                const char *other = NULL;
                struct err err = { 0 };
                int r = loaders[i].find(b, &other, &err);

                if (r == 0 || (found && loaders[i].alone))
                        continue;
                if (r < 0)
                        facts_unknown(b->context->facts, "/boot", NULL, "%s", err.text);
                else if (found)
                        refuse_second_loader(b, other, config);
                if (r < 0 || found)
                        return NULL;
                found = &loaders[i];
                config = other;
        }
        if (!found)
                explain_absence(b);
        else if (!found->read)
                refuse_loader(b, found, config);
        *ret_config = config;
        return found && found->read ? found : NULL;
}

/* Entry files beside a grub.cfg that does not read them are somebody else's. */
static bool are_entries_foreign(const struct boot_probe *b, const char *config, struct span text)
{
        struct err err = { 0 };
        int r;

        if (memmem(text.data, text.len, "blscfg", strlen("blscfg")))
                return false;
        r = has_names(b, GRUB_ENTRIES, &err);
        if (r < 0)
                facts_unknown(b->context->facts, "/boot", NULL, "%s", err.text);
        else if (r > 0)
                refuse_second_loader(b, GRUB_ENTRIES, config);
        return r != 0;
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

/* With what an administrator of this system changes the command lines of its menu. */
static void publish_tools(struct facts *f)
{
        const char *config = facts_str(f, "/boot/config"), *id = facts_str(f, "/os/id");
        const char *loader = facts_str(f, "/boot/loader");
        bool legacy = streq(loader, "grub-legacy");
        bool grubby = facts_bool(f, "/boot/entry/bls", false) || (legacy && is_red_hat(id));
        bool debian = streq(id, "debian") || streq(id, "ubuntu");
        cleanup_free char *remake =
                debian ? xstrdup("update-grub")
                       : xasprintf("%s-mkconfig -o %s",
                                   str_startswith(config, "/boot/grub2/") ? "grub2" : "grub",
                                   config);

        facts_set_str(f, grubby ? "grubby --update-kernel=ALL" : NULL, "/boot/grubby");
        facts_set_str(f, grubby || !streq(loader, "grub2") ? NULL : remake, "/boot/remake");
}

static void run_boot(struct probe_context *context)
{
        struct boot_probe b = { .context = context };
        cleanup_bootmenu struct bootmenu menu = { 0 };
        cleanup_blob struct blob text = { 0 };
        const struct boot_loader *loader;
        struct err err = { 0 };
        const char *config;

        b.separate = has_separate_boot(&b);
        if (is_boot_hidden(&b))
                return;
        loader = find_loader(&b, &config);
        if (!loader)
                return;
        if (volume_read(context->volume, config, VOLUME_CONFIG_MAX, &text, &err) < 0) {
                facts_unknown(context->facts, "/boot", NULL, "%s", err.text);
                return;
        }
        if (streq(loader->name, "grub2") && are_entries_foreign(&b, config, blob_span(&text)))
                return;
        facts_set_str(context->facts, loader->name, "/boot/loader");
        facts_set_str(context->facts, config, "/boot/config");
        if (loader->read(&b, config, blob_span(&text), &menu, &err) < 0)
                facts_unknown(context->facts, "/boot", config, "%s", err.text);
        else
                boot_publish_menu(&b, &menu);
        publish_tools(context->facts);
}

static const struct fact_decl boot_facts[] = {
        { "/boot/loader", FACT_STRING, "boot loader: grub2, grub-legacy, syslinux" },
        { "/boot/config", FACT_STRING, "its configuration" },
        { "/boot/grubby", FACT_STRING, "command that edits all entries, null: not with grubby" },
        { "/boot/remake", FACT_STRING, "command that makes the menu anew, null: there is none" },
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
        { "/boot/entry/kernel/file", FACT_STRING, "where it is written" },
        { "/boot/entry/kernel/line", FACT_INT, "its line" },
        { "/boot/entry/kernel/text", FACT_STRING, "that line" },
        { "/boot/entry/initrd", FACT_ARRAY, "the initrds it loads, in order" },
        { "/boot/entry/initrd/*/path", FACT_STRING, "an initrd, in the volume" },
        { "/boot/entry/initrd/*/file", FACT_STRING, "where it is written" },
        { "/boot/entry/initrd/*/line", FACT_INT, "its line" },
        { "/boot/entry/initrd/*/text", FACT_STRING, "that line" },
        { "/boot/entry/cmdline", FACT_STRING, "the kernel command line" },
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
        { "/boot/others/*/kernel/present", FACT_BOOL, "it is there" },
        { "/boot/others/*/kernel/release", FACT_STRING, "its release, from its own header" },
        { "/boot/others/*/kernel/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/kernel/line", FACT_INT, "its line" },
        { "/boot/others/*/kernel/text", FACT_STRING, "that line" },
        { "/boot/others/*/initrd", FACT_ARRAY, "the initrds it loads, in order" },
        { "/boot/others/*/initrd/*/path", FACT_STRING, "an initrd, in the volume" },
        { "/boot/others/*/initrd/*/file", FACT_STRING, "where it is written" },
        { "/boot/others/*/initrd/*/line", FACT_INT, "its line" },
        { "/boot/others/*/initrd/*/text", FACT_STRING, "that line" },
        { "/boot/others/*/cmdline", FACT_STRING, "its kernel command line" },
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
