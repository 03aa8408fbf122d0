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
};

/*
 * Where the loader's `path` on `device` (as in struct bootentry_file) is in the volume. The caller
 * frees it.
 */
char *boot_volume_path(const struct boot_probe *b, const char *device, const char *path);

/* /boot/entry, /boot/kernel and /boot/others. */
void boot_publish_menu(const struct boot_probe *b, const struct bootmenu *menu);
/* /boot/entry/params; `file` and `line` are for the reason why they are not known. */
void boot_publish_params(struct facts *f, const char *cmdline, const char *file, size_t line);

/* Two paths of one file. */
bool boot_is_same_file(const struct boot_probe *b, const char *path, const char *other);

/* 1 and the menu its installed second stage reads, 0: it is not installed, or an error. */
int boot_find_grub_legacy(const struct boot_probe *b, const char **ret_config, struct err *err);

/* 1 and the configuration beside the installed loader, 0: it is not installed, or an error. */
int boot_find_syslinux(const struct boot_probe *b, const char **ret_config, struct err *err);
/* A configuration for it is there, installed or not. */
bool boot_has_syslinux_config(const struct boot_probe *b);

/* `config` is a path in the volume, with that text. Negative: not known, and why. */
int boot_read_grub2(const struct boot_probe *b, const char *config, struct span text,
                    struct bootmenu *ret, struct err *err);
int boot_read_grub_legacy(const struct boot_probe *b, const char *config, struct span text,
                          struct bootmenu *ret, struct err *err);
int boot_read_syslinux(const struct boot_probe *b, const char *config, struct span text,
                       struct bootmenu *ret, struct err *err);
