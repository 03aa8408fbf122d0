/*
 * The second stage of GRUB legacy (0.97), /boot/grub/stage2: its second sector says which menu it
 * reads, and Red Hat's build keeps there which entry was saved (stage2/asm.S of grub-0.97,
 * STAGE2_ONCEONLY_ENTRY in grub-fedora-9.patch of the package of RHEL 6).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define GRUBSTAGE2_HEAD_MAX   1024 /* bytes of the file that are looked at */
#define GRUBSTAGE2_CONFIG_MAX 127

struct grubstage2 {
        char config[GRUBSTAGE2_CONFIG_MAX + 1]; /* as GRUB sees it: "/boot/grub/menu.lst" */
        uint32_t saved;                         /* 0 but in Red Hat's build */
        bool once;      /* "savedefault --once": `saved` is for the next start only */
        uint32_t after; /* what is saved for the starts after that */
};

/* `head`: at least the first GRUBSTAGE2_HEAD_MAX bytes. -EINVAL: not such a file. */
int grubstage2_parse(struct span head, struct grubstage2 *ret, struct err *err);
