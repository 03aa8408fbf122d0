#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/syslinux.h"

/* INCLUDE finds these. */
static int read_file(void *data _unused_, const char *path, struct blob *ret, char **ret_name,
                     struct err *err)
{
        static const struct {
                const char *path, *text;
        } files[] = {
                { "/boot/extlinux/a.cfg", "label a\nkernel /a\nappend from a\n" },
                { "/boot/extlinux/self.cfg", "include self.cfg\n" },
        };

        if (streq(path, "/boot/extlinux/broken.cfg"))
                return err_set(err, -EIO, "broken.cfg: bad disk");
        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                if (streq(path, files[i].path)) {
                        ret->data = xstrdup(files[i].text);
                        ret->len = strlen(files[i].text);
                        *ret_name = xstrdup(path);
                        return 1;
                }
        return 0;
}

static struct syslinux_input input_of(struct span text)
{
        return (struct syslinux_input){
                .text = text,
                .name = "/boot/extlinux/extlinux.conf",
                .directory = "/boot/extlinux",
                .host.read = read_file,
        };
}

static char *describe(const struct syslinux_input *input)
{
        cleanup_bootmenu struct bootmenu m = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (syslinux_evaluate(input, &m, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%s: %s [%s]", m.next.title, m.next.kernel.path, m.next.cmdline);
        for (size_t i = 0; i < m.next.n_initrds; i++)
                buf_printf(&out, " %s", m.next.initrds[i].path);
        buf_printf(&out, ", %s%s", m.next.chosen_by, m.next.waits ? ", waits" : "");
        return buf_take(&out);
}

#define LABELS "label a\nlinux /a\nlabel b\nlinux /b\n"

struct row {
        const char *name, *text, *expected;
};

static void assert_rows(const struct row *rows, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct syslinux_input input = input_of(span_of(rows[i].text));
                cleanup_free char *got = describe(&input);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_choice(void **state _unused_)
{
        static const struct row rows[] = {
                { "default", "default b\n" LABELS, "b: /b [], DEFAULT in extlinux.conf" },
                { "any case, a tab, control characters", "DeFaUlT\tb\r\nLABEL b\r\n Linux\t/b\r\n",
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "the last default", "default a\n" LABELS "default b\n",
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "arguments behind the label", "default b x=1\n" LABELS,
                  "b: /b [x=1], DEFAULT in extlinux.conf" },
                { "labels are told by case", "default B\n" LABELS,
                  "line 1: \"default B\" is no label" },
                { "none", LABELS, "neither DEFAULT nor UI: it waits for commands" },
                { "prompt", "prompt 1\ntimeout 50\ndefault b\n" LABELS,
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "prompt without time-out", "prompt 1\ntimeout 0\ndefault b\n" LABELS,
                  "b: /b [], DEFAULT in extlinux.conf, waits" },
                { "ontimeout counts with a prompt only",
                  "timeout 50\nontimeout a\ndefault b\n" LABELS,
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "ontimeout", "prompt 1\ntimeout 50\nontimeout a\ndefault b\n" LABELS,
                  "a: /a [], ONTIMEOUT in extlinux.conf" },
                { "a menu, its default by label", "ui menu.c32\ntimeout 1\ndefault b\n" LABELS,
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "ui before default, wherever it stands",
                  "default b\ntimeout 1\n" LABELS "menu default\nui x/vesamenu.c32\n",
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "default is the menu", "default menu.c32\ntimeout 1\n" LABELS "menu default\n",
                  "b: /b [], MENU DEFAULT" },
                { "a menu without default", "default menu.c32\ntimeout 1\n" LABELS,
                  "a: /a [], the first of the menu" },
                { "default before menu default",
                  "ui menu.c32\ndefault a\ntimeout 1\n" LABELS "menu default\n",
                  "a: /a [], DEFAULT in extlinux.conf" },
                { "a menu waits", "ui menu.c32\ndefault a\n" LABELS,
                  "a: /a [], DEFAULT in extlinux.conf, waits" },
                { "but for a key held", "ui menu.c32\nmenu shiftkey\ndefault a\n" LABELS,
                  "a: /a [], DEFAULT in extlinux.conf" },
                { "ontimeout in a menu", "ui menu.c32\ndefault a\ntimeout 1\nontimeout b\n" LABELS,
                  "b: /b [], ONTIMEOUT in extlinux.conf" },
                { "hidden entries are not in the menu",
                  "ui menu.c32\ndefault a\ntimeout 1\nlabel a\nmenu hide\nlinux /a\nlabel b\n"
                  "linux /b\n",
                  "b: /b [], the first of the menu" },
                { "a separator first", "ui menu.c32\ntimeout 1\nmenu separator\n" LABELS,
                  "its menu has no first entry that can be started" },
                { "a submenu", "ui menu.c32\ntimeout 1\nmenu begin x\n" LABELS "menu end\n",
                  "which of its menus appears is not understood" },
                { "a label in a submenu",
                  "ui menu.c32\ndefault b\ntimeout 1\nmenu begin x\n" LABELS "menu end\n",
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "another module", "ui gfxboot.c32\ndefault a\n" LABELS,
                  "line 1: what \"ui gfxboot.c32\" does is not understood" },
                { "another menu file", "default menu.c32 other.cfg\n" LABELS,
                  "line 1: \"default menu.c32 other.cfg\" is not understood" },
                { "empty", "", "neither DEFAULT nor UI: it waits for commands" },
        };

        assert_rows(rows, ARRAY_SIZE(rows));
}

static void test_entry(void **state _unused_)
{
        static const struct row rows[] = {
                { "kernel, append, initrd",
                  "default l\nlabel l\nmenu label ^Linux x\nkernel vmlinuz\nappend ro root=/dev/sda1\n"
                  "initrd initrd.img\n",
                  "Linux x: /boot/extlinux/vmlinuz [ro root=/dev/sda1 initrd=initrd.img] "
                  "/boot/extlinux/initrd.img, DEFAULT in extlinux.conf" },
                { "the kernel is the label", "default /k\nlabel /k\n",
                  "/k: /k [], DEFAULT in extlinux.conf" },
                { "initrd= in append", "default l\nlabel l\nlinux ../k\nappend initrd=../i,/j ro\n",
                  "l: /boot/extlinux/../k [initrd=../i,/j ro] /boot/extlinux/../i /j, DEFAULT in "
                  "extlinux.conf" },
                { "both", "default l\nlabel l\nlinux k\nappend initrd=i\ninitrd j\n",
                  "line 2: which initrd= counts is not known" },
                { "not a word of its own", "default l\nlabel l\nlinux k\nappend xinitrd=i\n",
                  "line 2: which initrd= counts is not known" },
                { "append for all labels", "append ro\ndefault l\nlabel l\nlinux /k\n",
                  "l: /k [ro], DEFAULT in extlinux.conf" },
                { "its own instead", "append ro\ndefault l\nlabel l\nlinux /k\nappend rw\n",
                  "l: /k [rw], DEFAULT in extlinux.conf" },
                { "none at all", "append ro\ndefault l\nlabel l\nlinux /k\nappend -\n",
                  "l: /k [], DEFAULT in extlinux.conf" },
                { "arguments behind the kernel", "default l\nlabel l\nlinux /k a\nappend b\n",
                  "l: /k [a b], DEFAULT in extlinux.conf" },
                { "an initrd behind the kernel", "default l\nlabel l\nlinux /k initrd=/i\n",
                  "l: /k [initrd=/i] /i, DEFAULT in extlinux.conf" },
                { "an initrd behind the default", "default l initrd=/i\nlabel l\nlinux /k\n",
                  "l: /k [initrd=/i] /i, DEFAULT in extlinux.conf" },
                { "an initrd before any label", "initrd /x\ndefault l\nlabel l\nlinux /k\n",
                  "l: /k [], DEFAULT in extlinux.conf" },
                { "help text", "default l\ntext help\nlabel m\nendtext\nlabel l\nlinux /k\n",
                  "l: /k [], DEFAULT in extlinux.conf" },
                { "words that begin alike",
                  "default l\nlabel l\nlinux /k\nlinuxefi /x\nfdtdir /y\n",
                  "l: /k [], DEFAULT in extlinux.conf" },
                { "a module", "default l\nlabel l\nkernel chain.c32\nappend hd0 2\n",
                  "line 3: \"kernel chain.c32\" starts no Linux itself" },
                { "Xen", "default l\nlabel l\ncom32 mboot.c32\nappend xen.gz --- k --- i\n",
                  "line 3: \"com32 mboot.c32\" starts no Linux itself" },
                { "a boot sector", "default l\nlabel l\nkernel x.bin\n",
                  "line 3: \"kernel x.bin\" starts no Linux itself" },
                { "linux, whatever its name", "default l\nlabel l\nlinux /x.bin\n",
                  "l: /x.bin [], DEFAULT in extlinux.conf" },
                { "an included file", "default a\ninclude a.cfg\n",
                  "a: /a [from a], DEFAULT in extlinux.conf" },
                { "included in a menu", "default menu.c32\ntimeout 1\nmenu include a.cfg\n",
                  "a: /a [from a], the first of the menu" },
                { "nothing to include", "default b\ninclude none.cfg\n" LABELS,
                  "b: /b [], DEFAULT in extlinux.conf" },
                { "an include that cannot be read", "include broken.cfg\n" LABELS,
                  "broken.cfg: bad disk" },
                { "an include of itself", "include self.cfg\n",
                  "line 1: too many files are included" },
        };

        assert_rows(rows, ARRAY_SIZE(rows));
}

static void test_others(void **state _unused_)
{
        struct syslinux_input input =
                input_of(SPAN("default a\nonerror c\nlabel a\nlinux /a\nlabel x\nkernel mboot.c32\n"
                              "label odd\nlinux /k\nappend initrd=\nlabel c\nlinux /c\nmenu "
                              "separator\nlabel w\nlocalboot 0x80\n"));
        cleanup_bootmenu struct bootmenu m = { 0 };
        cleanup_buf struct buf out = { 0 };
        struct err err = { 0 };

        assert_int_equal(syslinux_evaluate(&input, &m, &err), 0);
        for (size_t i = 0; i < m.n; i++)
                buf_printf(&out, "%s %s role %d starts %d %s%s\n", m.others[i].index,
                           m.others[i].title, m.others[i].role, m.others[i].starts,
                           m.others[i].kernel.path ? m.others[i].kernel.path : "-",
                           m.others[i].unknown ? m.others[i].unknown : "");
        assert_string_equal(out.data, "1 x role 3 starts 1 -\n"
                                      "2 odd role 3 starts 0 -line 7: an initrd without a name\n"
                                      "3 c role 2 starts 0 /c\n"
                                      "5 w role 3 starts 2 -\n");
}

static void test_refused(void **state _unused_)
{
        struct syslinux_input nul = input_of(SPAN("label a\0\n")),
                              saved = input_of(SPAN("ui menu.c32\nmenu save\n" LABELS)), large;
        cleanup_free char *got_nul = describe(&nul), *got_saved = NULL, *got_long = NULL;
        cleanup_buf struct buf text = { 0 };

        assert_string_equal(got_nul, "/boot/extlinux/extlinux.conf is no text: it has a NUL byte");
        saved.saved = true;
        got_saved = describe(&saved);
        assert_string_equal(got_saved,
                            "the menu starts the entry it has saved, which is not understood");
        for (int i = 0; i <= SYSLINUX_LINE_MAX; i++)
                buf_putc(&text, '#');
        large = input_of(buf_span(&text));
        got_long = describe(&large);
        assert_string_equal(got_long, "line 1 is longer than 4095 bytes");
}

static void assert_adv(const char *items, size_t len, bool once, bool saved)
{
        char tail[SYSLINUX_ADV_SIZE] = { 0 };
        bool got_once, got_saved;

        memcpy(tail, "\xa5\x2f\x2d\x5a", 4);
        memcpy(tail + 508, "\x64\xbf\x28\xdd", 4);
        memcpy(tail + 8, items, len);
        memcpy(tail + 512, tail, 512);
        syslinux_read_adv((struct span){ tail, sizeof(tail) }, &got_once, &got_saved);
        assert_int_equal(got_once, once);
        assert_int_equal(got_saved, saved);
        tail[0] = tail[512] = 'x';
        syslinux_read_adv((struct span){ tail, sizeof(tail) }, &got_once, &got_saved);
        assert_false(got_once || got_saved);
}

static void test_adv(void **state _unused_)
{
        assert_adv("", 0, false, false);
        assert_adv("\1\3abc", 5, true, false);
        assert_adv("\2\1b\1\1a", 6, true, true);
        assert_adv("\7\1b\2\1a", 6, false, true);
        assert_adv("\1\0", 2, false, false);
        assert_adv("\7\377\7\377", 4, false, false);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_choice), cmocka_unit_test(test_entry),
                cmocka_unit_test(test_others), cmocka_unit_test(test_refused),
                cmocka_unit_test(test_adv),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
