/*
 * What the parts of the boot probe share: probe-boot.c finds the boot loader, boot-X.c reads the
 * configuration of one of them, boot-publish.c publishes what it starts.
 */
#pragma once

#include "parse/bootmenu.h"
#include "probe/probe.h"

struct boot_probe {
        struct probe_context *context;
        bool separate; /* /boot is a file system of its own: the loader's paths begin there */
        /* The EFI system partition the loader was started from, "/boot/efi"; NULL: it was not. */
        const char *esp;
};

/*
 * Where the loader's `path` on `device` (as in struct bootentry_file) is in the volume. The caller
 * frees it.
 */
char *boot_volume_path(const struct boot_probe *b, const char *device, const char *path);

/*
 * The loader's files there can be looked for in the volume. A loader started from the EFI system
 * partition has to name a file system that is known to be the one at hand, or the one for /boot.
 */
bool boot_is_at_hand(const struct boot_probe *b, const char *device);

/* /boot/entry, /boot/kernel and /boot/others. */
void boot_publish_menu(const struct boot_probe *b, const struct bootmenu *menu);
/* /boot/entry/params; `file` and `line` are for the reason why they are not known. */
void boot_publish_params(struct facts *f, const char *cmdline, const char *file, size_t line);

/* ---- probe-boot.c ---- */

/* 1 and the only one of these files there is, links taken into account; 0: none; or an error. */
int boot_find_only(const struct boot_probe *b, const char *const *paths, size_t n, const char **ret,
                   struct err *err);
/* Two paths of one file. */
bool boot_is_same_file(const struct boot_probe *b, const char *path, const char *other);

/* 1 and the menu its installed second stage reads, 0: it is not installed, or an error. */
int boot_find_grub_legacy(const struct boot_probe *b, const char **ret_config, struct err *err);

/* 1 and the configuration beside the installed loader, 0: it is not installed, or an error. */
int boot_find_syslinux(const struct boot_probe *b, const char **ret_config, struct err *err);
/* A configuration for it is there, installed or not. */
bool boot_has_syslinux_config(const struct boot_probe *b);

/* ---- boot-esp.c ---- */

/* Where the EFI system partition is mounted of which `path` is a file; static. */
const char *boot_esp_of(const char *path);
bool boot_is_in_fstab(const struct boot_probe *b, const char *directory);
/* One that fstab mounts and that is not there; NULL: none. */
const char *boot_find_unmounted_esp(const struct boot_probe *b);
/* 1 and the only grub.cfg on an EFI system partition, 0: none, or an error. */
int boot_find_grub2_efi(const struct boot_probe *b, const char **ret_config, struct err *err);
/* A grub.cfg of a few lines that lead to another. */
bool boot_is_stub(const struct boot_probe *b, const char *config);

/* ---- boot-systemd.c ---- */

/* 1 and loader.conf, there or not, 0: it is not installed or has no entries, or an error. */
int boot_find_systemd(const struct boot_probe *b, const char **ret_config, struct err *err);
bool boot_has_systemd_boot(const struct boot_probe *b, const char *esp);

/* ---- boot-X.c ---- */

/* `config` is a path in the volume, with that text. Negative: not known, and why. */
int boot_read_grub2(const struct boot_probe *b, const char *config, struct span text,
                    struct bootmenu *ret, struct err *err);
int boot_read_grub_legacy(const struct boot_probe *b, const char *config, struct span text,
                          struct bootmenu *ret, struct err *err);
int boot_read_systemd(const struct boot_probe *b, const char *config, struct span text,
                      struct bootmenu *ret, struct err *err);
int boot_read_syslinux(const struct boot_probe *b, const char *config, struct span text,
                       struct bootmenu *ret, struct err *err);
