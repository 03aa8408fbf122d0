/*
 * Whether the volume could be started by UEFI, as far as files tell: the loader at the place where
 * firmware looks that knows nothing else, and something for it to read. And the image of kdump,
 * which is made for the hardware of the day.
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html
 */
#include <strings.h>

#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

/* ---- the EFI system partition ---------------------------------------------------------------- */

static const char *const esps[] = { "/boot/efi", "/efi" };

/* FAT knows no case; a copy of it in a directory does. The caller frees it. */
static char *find_name(struct probe_context *context, const char *dir, const char *name)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, dir, &names, &err) < 0)
                facts_unknown(context->facts, "/esp", dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++)
                if (strcasecmp(names.v[i], name) == 0)
                        return xasprintf("%s/%s", dir, names.v[i]);
        return NULL;
}

/* grub.cfg in a vendor's directory, or what systemd-boot reads. */
static bool has_config(struct probe_context *context, const char *esp, const char *efi)
{
        cleanup_free char *loader = find_name(context, esp, "loader");
        cleanup_free char *linux_dir = find_name(context, efi, "Linux");
        cleanup_strv struct strv vendors = { 0 };

        if (loader || linux_dir)
                return true;
        volume_list(context->volume, efi, &vendors, NULL);
        for (size_t i = 0; i < vendors.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s/grub.cfg", efi, vendors.v[i]);
                struct stat st;

                if (volume_stat(context->volume, path, &st, NULL) > 0)
                        return true;
        }
        return false;
}

/* A directory that is empty is a place to mount it, or there is no such partition. */
static void look_at_esp(struct probe_context *context)
{
        struct facts *f = context->facts;

        for (size_t i = 0; i < ARRAY_SIZE(esps); i++) {
                cleanup_free char *efi = find_name(context, esps[i], "EFI"), *boot = NULL;
                cleanup_free char *loader = NULL;

                if (!efi)
                        continue;
                boot = find_name(context, efi, "BOOT");
                loader = boot ? find_name(context, boot, "BOOTX64.EFI") : NULL;
                facts_set_evidence(f, "/esp", loader ? loader : efi, 0,
                                   span_of(loader ? "the loader" : "no BOOT/BOOTX64.EFI inside"));
                facts_set_bool(f, loader, "/esp/loader");
                facts_set_bool(f, has_config(context, esps[i], efi), "/esp/config");
                return;
        }
        if (!facts_why_incomplete(f, "/esp", &(const char *){ NULL }))
                facts_set_null(f, "/esp");
}

/* ---- kdump ----------------------------------------------------------------------------------- */

/* kdumpctl of Red Hat makes its image anew when the hardware is another. */
static void look_at_kdump(struct probe_context *context)
{
        static const struct {
                const char *front, *end;
                bool rebuilds;
        } images[] = {
                { "/boot/initramfs-", "kdump.img", true },
                { "/boot/initrd-", "-kdump", false },
                { "/var/lib/kdump/initrd.img-", "", false },
        };
        const char *release = facts_str(context->facts, "/boot/kernel/release");
        struct facts *f = context->facts;
        cleanup_free char *why = NULL;
        const char *file;

        if (!bootparam_known(f, &why, &file)) {
                facts_unknown(f, "/kdump", file, "%s", why);
                return;
        }
        if (!release && bootparam_has(f, "crashkernel")) {
                facts_unknown(f, "/kdump", NULL, "which kernel starts next is not known");
                return;
        }
        for (size_t i = 0; bootparam_has(f, "crashkernel") && i < ARRAY_SIZE(images); i++) {
                cleanup_free char *path =
                        xasprintf("%s%s%s", images[i].front, release, images[i].end);
                struct stat st;

                if (volume_stat(context->volume, path, &st, NULL) <= 0)
                        continue;
                facts_set_evidence(f, "/kdump", path, 0, span_of("made on Xen"));
                facts_set_bool(f, images[i].rebuilds, "/kdump/rebuilds");
                return;
        }
        facts_set_null(f, "/kdump");
}

static void run_firmware(struct probe_context *context)
{
        look_at_esp(context);
        look_at_kdump(context);
}

static const struct fact_decl firmware_facts[] = {
        { "/esp", FACT_OBJECT, "the EFI system partition; null: none, or not mounted" },
        { "/esp/file", FACT_STRING, "the loader, or where it is not" },
        { "/esp/line", FACT_INT, "0" },
        { "/esp/text", FACT_STRING, "which of the two" },
        { "/esp/loader", FACT_BOOL, "it has the loader that firmware looks for by itself" },
        { "/esp/config", FACT_BOOL, "it has a configuration of GRUB or systemd-boot" },
        { "/kdump", FACT_OBJECT, "the image of kdump that would be used; null: none" },
        { "/kdump/file", FACT_STRING, "the image" },
        { "/kdump/line", FACT_INT, "0" },
        { "/kdump/text", FACT_STRING, "where it was made" },
        { "/kdump/rebuilds", FACT_BOOL, "it is made anew by itself on other hardware" },
        {}
};

const struct probe probe_firmware = {
        .name = "firmware",
        .needs = PROBE_NEEDS("boot"),
        .provides = firmware_facts,
        .run = run_firmware,
};
