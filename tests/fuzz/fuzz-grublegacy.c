#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/grublegacy.h"

/* The first byte says which build it is and what it has saved; the rest is the menu. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_grublegacy struct grublegacy menu = { 0 };
        cleanup_bootmenu struct bootmenu others = { 0 };
        struct grublegacy_input input = { .name = "/boot/grub/menu.lst", .base = "menu.lst" };
        struct err err = { 0 };

        if (len == 0)
                return 0;
        input.text = (struct span){ (const char *)data + 1, len - 1 };
        input.red_hat = data[0] & 1;
        input.saved = (struct grublegacy_saved){
                .entry = data[0] >> 4,
                .after = data[0] >> 6,
                .by = "default",
                .unknown = data[0] & 2 ? "a reason" : NULL,
                .once = data[0] & 4,
                .writable = data[0] & 8,
        };
        if (grublegacy_parse(&input, &menu, &err) < 0) {
                assert(*err.text && !menu.n && !menu.chosen_by);
                return 0;
        }
        assert(menu.chosen < menu.n && menu.chosen_by);
        for (size_t i = 0; i < menu.n_fallbacks; i++)
                assert(menu.fallbacks[i] < menu.n);
        for (size_t i = 0; i < menu.n; i++) {
                cleanup_bootentry struct bootentry boot = { 0 };
                struct err why = { 0 };

                assert(menu.entries[i].n > 0);
                if (grublegacy_boot(&input, &menu, i, &boot, &why) < 0) {
                        assert(*why.text && !boot.title);
                        continue;
                }
                assert(boot.kernel.path[0] == '/' && boot.kernel.device && boot.cmdline);
                assert(!strpbrk(boot.kernel.path, " \n") && !strchr(boot.cmdline, '\n'));
                for (size_t j = 0; j < boot.n_initrds; j++)
                        assert(boot.initrds[j].path[0] == '/');
        }
        grublegacy_list_others(&input, &menu, &others);
        assert(others.incomplete || others.n == menu.n - 1);
        for (size_t i = 0; i < others.n; i++) {
                const struct bootentry *other = &others.others[i];

                assert(other->title && other->place.line > 0);
                assert((other->starts == BOOTENTRY_LINUX && !other->unknown) ==
                       (other->kernel.path != NULL));
                assert((other->role == BOOTENTRY_MENU) == !other->chosen_by);
        }
        return 0;
}
