#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/syslinux.h"

/* Every file included is the same text again. */
static int read_again(void *data, const char *path, struct blob *ret, char **ret_name,
                      struct err *err _unused_)
{
        const struct span *text = data;

        if (strlen(path) % 2)
                return 0;
        ret->data = xmemdup0(text->data, text->len);
        ret->len = text->len;
        *ret_name = xstrdup("/included");
        return 1;
}

static void check(const struct bootentry *b)
{
        assert(b->title && b->id && b->place.file && b->place.line > 0);
        if (b->kernel.path)
                assert(b->kernel.path[0] == '/' && b->cmdline && !b->unknown);
        for (size_t i = 0; i < b->n_initrds; i++)
                assert(b->initrds[i].path && b->initrds[i].place.file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        struct syslinux_input input = {
                .text = text,
                .name = "/boot/extlinux/extlinux.conf",
                .directory = "/boot/extlinux",
                .host = { &text, read_again },
        };
        cleanup_bootmenu struct bootmenu menu = { 0 };
        struct err err = { 0 };
        bool once, saved;

        syslinux_read_adv(text, &once, &saved);
        if (syslinux_evaluate(&input, &menu, &err) < 0) {
                assert(*err.text && !menu.next.title && !menu.n);
                return 0;
        }
        assert(menu.next.kernel.path && menu.next.chosen_by);
        check(&menu.next);
        for (size_t i = 0; i < menu.n; i++)
                check(&menu.others[i]);
        return 0;
}
