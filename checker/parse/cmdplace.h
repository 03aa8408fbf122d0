/*
 * Where in a file kernel command lines stand written, so that they can be edited there
 * (paramedit.h) and every other byte stays. What the file as a whole means is not asked: a line
 * that only might be one, in a branch never taken, is one.
 *
 * Formats: grub.cfg(GRUB manual 6), the Boot Loader Specification, grubenv, kernel-install's
 * /etc/kernel/cmdline, GRUB legacy's menu.lst with Debian's "# kopt=", extlinux.conf,
 * /etc/default/grub and its drop-ins, Debian's /etc/default/extlinux
 * (https://manpages.debian.org/wheezy/extlinux/extlinux-update.8.en.html), Alpine's
 * /etc/update-extlinux.conf (https://wiki.alpinelinux.org/wiki/Bootloaders), tuned's bootcmdline
 * (https://github.com/redhat-performance/tuned tuned/plugins/plugin_bootloader.py).
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "parse/paramedit.h"

#define CMDPLACES_MAX 20000

enum cmdplace_format {
        CMDPLACE_GRUB_CFG,     /* linux commands; kernelopts, tuned_params that are set there */
        CMDPLACE_BLS,          /* options lines */
        CMDPLACE_GRUBENV,      /* kernelopts, tuned_params */
        CMDPLACE_KERNEL,       /* the whole file */
        CMDPLACE_GRUB_LEGACY,  /* kernel lines; # kopt=, # defoptions= */
        CMDPLACE_SYSLINUX,     /* append lines; kernel and linux, which may have parameters, too */
        CMDPLACE_GRUB_DEFAULT, /* GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT */
        CMDPLACE_EXTLINUX,     /* EXTLINUX_PARAMETERS, EXTLINUX_ROOT; default_kernel_opts, root= */
        CMDPLACE_TUNED,        /* TUNED_BOOT_CMDLINE */
        _CMDPLACE_MAX,
};

struct cmdplace {
        struct span text; /* borrowed; may begin with a keyword and the kernel's path */
        struct span name; /* keyword or variable, borrowed */
        enum param_quoting quoting;
        size_t line;
};

struct cmdplaces {
        struct cmdplace *v;
        size_t n, cap;
};

/* In the order of the file. -E2BIG: more than CMDPLACES_MAX. */
int cmdplaces_find(struct span text, enum cmdplace_format format, struct cmdplaces *ret,
                   struct err *err);
/*
 * Plain assignments to these variables (NULL-terminated) in a file that a shell reads; one whose
 * value is partly in quotes is none.
 */
int cmdplaces_find_variables(struct span text, const char *const *variables, struct cmdplaces *ret,
                             struct err *err);
void cmdplaces_done(struct cmdplaces *p);
#define cleanup_cmdplaces _cleanup_(cmdplaces_done)
