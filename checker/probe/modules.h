/*
 * The devices every Nitro machine shows, the drivers that must bind them, and how modules are found
 * in a directory of one kernel's modules, be it on the volume or inside an initramfs.
 */
#pragma once

#include "facts.h"
#include "parse/modindex.h"
#include "parse/modprobeconf.h"

#define MODULES_CLOSURE_MAX 256 /* files one module needs, itself included */

struct device {
        const char *name;          /* in fact paths; NULL ends the list */
        const char *text;          /* for sentences */
        const char *modalias;      /* as the kernel announces it on Nitro */
        const char *driver;        /* normalised */
        const char *config;        /* option of the kernel configuration */
        bool late;                 /* loading it from the root file system is early enough */
        const char *const *family; /* modules the driver is made of, where no index tells */
};

/*
 * EBS volumes: 1d0f:8061, class 01 08 02, https://pci-ids.ucw.cz/read/PC/1d0f
 * ENA: 1d0f:ec20, class 02 00 00, https://github.com/amzn/amzn-drivers (ena_pci_id_tbl.h)
 * The subsystem ids are not documented; no driver's pattern for these devices asks for them.
 */
extern const struct device device_list[];

enum modules_index {
        MODULES_DEP,
        MODULES_ALIAS,
        MODULES_BUILTIN,
        MODULES_BUILTIN_ALIAS, /* since kmod 27 */
        _MODULES_INDEX_MAX,
};

/* "modules.dep.bin" ... */
const char *modules_index_file(enum modules_index i);

/* The module a file holds: "kernel/a/nvme-core.ko.xz" is nvme_core. The caller frees it. */
char *modules_name_of(const char *path);
/* The files of a line of modules.dep: first the module's own, then what it needs, below `dir`. */
void modules_of_dep_line(struct span line, const char *dir, struct strv *ret);
/* True when the text file modules.builtin names the module. */
bool modules_builtin_text_has(struct span text, const char *module);

/* Names of the driver's modules and all they need: by /drivers, and always its own family. */
void modules_closure(const struct facts *f, const struct device *device, struct strv *ret);
/* True when a modprobe.d line says something about the device or one of these modules. */
bool modules_concerned(const struct modprobe_line *l, const struct device *device,
                       const struct strv *closure);
/*
 * Paths of *.conf files, those of the first directory first, become the list libkmod reads: sorted
 * by name, and of equal names only the first.
 */
void modules_order_conf(struct strv *paths);
