/* The EFI system partition, as far as it is mounted, and what of GRUB is there. */
#include <errno.h>

#include "base/str.h"
#include "probe/boot.h"

/* Where distributions mount it; /boot is the last, for it may as well be none. */
static const char *const mounts[] = { "/boot/efi", "/efi", "/boot" };

const char *boot_esp_of(const char *path)
{
        for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
                const char *rest = str_after(path, mounts[i]);

                if (rest && *rest == '/')
                        return mounts[i];
        }
        return "";
}

bool boot_is_in_fstab(const struct boot_probe *b, const char *directory)
{
        const struct facts *f = b->context->facts;
        size_t n = facts_count(f, "/fstab/entries");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *target = xasprintf("/fstab/entries/%zu/target", i);

                if (streq(facts_str(f, target), directory))
                        return true;
        }
        return false;
}

const char *boot_find_unmounted_esp(const struct boot_probe *b)
{
        for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (!streq(mounts[i], "/boot") && boot_is_in_fstab(b, mounts[i]) &&
                    volume_list(b->context->volume, mounts[i], &names, &err) >= 0 && names.n == 0)
                        return mounts[i];
        }
        return NULL;
}

/* Red Hat's is complete up to version 8, elsewhere it is a stub that leads to the real one. */
int boot_find_grub2_efi(const struct boot_probe *b, const char **ret_config, struct err *err)
{
#define CONFIG(vendor) "/boot/efi/EFI/" vendor "/grub.cfg", "/efi/EFI/" vendor "/grub.cfg"
        static const char *const configs[] = {
                CONFIG("redhat"), CONFIG("centos"),   CONFIG("rocky"),  CONFIG("almalinux"),
                CONFIG("fedora"), CONFIG("amzn"),     CONFIG("debian"), CONFIG("ubuntu"),
                CONFIG("sles"),   CONFIG("opensuse"),
        };
#undef CONFIG

        return boot_find_only(b, configs, ARRAY_SIZE(configs), ret_config, err);
}

bool boot_is_stub(const struct boot_probe *b, const char *config)
{
        cleanup_blob struct blob text = { 0 };

        return volume_read(b->context->volume, config, VOLUME_CONFIG_MAX, &text, NULL) > 0 &&
               str_endswith(config, "/grub.cfg") &&
               !memmem(text.data, text.len, "menuentry", strlen("menuentry")) &&
               !memmem(text.data, text.len, "blscfg", strlen("blscfg"));
}
