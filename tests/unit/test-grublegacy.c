#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/grublegacy.h"

#define TWO "title A\nroot (hd0,0)\nkernel /a ro\ntitle B\nroot (hd0,0)\nkernel /b ro\n"

static struct grublegacy_input input_of(const char *text)
{
        return (struct grublegacy_input){
                .text = span_of(text),
                .name = "/boot/grub/menu.lst",
                .base = "menu.lst",
                .saved.by = "/boot/grub/default",
        };
}

/* The entry that is chosen, why, and what comes after it. */
static char *choose(const struct grublegacy_input *input)
{
        cleanup_grublegacy struct grublegacy menu = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (grublegacy_parse(input, &menu, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%zu of %zu, %s", menu.chosen, menu.n, menu.chosen_by);
        for (size_t i = 0; i < menu.n_fallbacks; i++)
                buf_printf(&out, ", then %zu", menu.fallbacks[i]);
        if (menu.is_once)
                buf_printf(&out, ", after that %zu, %s", menu.after, menu.after_by);
        if (menu.waits)
                buf_puts(&out, ", waits");
        return buf_take(&out);
}

static void test_default(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "none", "timeout 5\n" TWO, "0 of 2, no default in menu.lst" },
                { "a number", "timeout 5\ndefault 1\n" TWO, "1 of 2, default=1 in menu.lst" },
                { "with an equals sign", "timeout=5\ndefault=1\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "both", "timeout = 5\ndefault\t= 1\n" TWO, "1 of 2, default=1 in menu.lst" },
                { "hexadecimal", "timeout 5\ndefault 0x1\n" TWO, "1 of 2, default=1 in menu.lst" },
                { "a number and more", "timeout 5\ndefault 1abc\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "default=a is no number", "timeout 5\ndefault=a\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "no number after a number", "timeout 5\ndefault 1\ndefault x\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "too large a number", "timeout 5\ndefault 2147483648\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "twice", "timeout 5\ndefault 0\ndefault 1\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "out of range", "timeout 5\ndefault 2\n" TWO,
                  "0 of 2, default=2 in menu.lst, which there is not" },
                { "titles out of range with fallback", "timeout 5\ndefault 2\nfallback 7 1 0\n" TWO,
                  "1 of 2, default=2 in menu.lst, which there is not, then 0" },
                { "all out of range", "timeout 5\ndefault 2\nfallback 7 8\n" TWO,
                  "0 of 2, default=2 in menu.lst, which there is not" },
                { "fallbacks", "timeout 5\ndefault 0\nfallback 1 5 1\n" TWO,
                  "0 of 2, default=0 in menu.lst, then 1" },
                { "one twice, GRUB then sees no number", "timeout 5\nfallback 1 1 0\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "a fallback that is no number", "timeout 5\nfallback 1 x\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "no time-out", "default 0\n" TWO, "0 of 2, default=0 in menu.lst, waits" },
                { "a time-out that is none", "default 0\ntimeout never\n" TWO,
                  "0 of 2, default=0 in menu.lst, waits" },
                { "commands after the first title", "timeout 5\n" TWO "default 1\n",
                  "0 of 2, no default in menu.lst" },
                { "another case", "timeout 5\nDefault 1\n" TWO, "0 of 2, no default in menu.lst" },
                { "a title without commands is no entry", "timeout 5\ndefault 1\ntitle X\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "at the end, too", "timeout 5\ndefault 2\n" TWO "title X\n# nothing\n",
                  "0 of 2, default=2 in menu.lst, which there is not" },
                { "comments", "# default 1\n  # timeout 5\ntimeout 5\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "a comment that goes on", "timeout 5\n# x \\\ndefault 1\n" TWO,
                  "0 of 2, no default in menu.lst" },
                { "a line that goes on", "timeout 5\ndefault \\\r\n 1\r\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "no comment behind a command", "timeout 5\ndefault 1 # one\n" TWO,
                  "1 of 2, default=1 in menu.lst" },
                { "no entries", "default 0\n", "it has no entries: GRUB waits for commands" },
                { "empty", "", "it has no entries: GRUB waits for commands" },
                { "a title with foreign commands only", "timeout 5\ntitle X\nkernal /x\n" TWO,
                  "line 2: \"title X\" has no command that is understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct grublegacy_input input = input_of(rows[i].text);
                cleanup_free char *got = choose(&input);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_saved(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                bool red_hat;
                struct grublegacy_saved saved;
                const char *expected;
        } rows[] = {
                { "in the file default",
                  "timeout 5\ndefault saved\n" TWO,
                  false,
                  { .entry = 1, .by = "default" },
                  "1 of 2, default=saved in menu.lst, 1 in default" },
                { "out of range",
                  "timeout 5\ndefault saved\n" TWO,
                  false,
                  { .entry = 2, .by = "default" },
                  "0 of 2, default=saved in menu.lst, 2 in default, which there is not" },
                { "not asked for",
                  "timeout 5\ndefault 0\n" TWO,
                  false,
                  { .entry = 1, .by = "default" },
                  "0 of 2, default=0 in menu.lst" },
                { "blanks behind it",
                  "timeout 5\ndefault saved \n" TWO,
                  false,
                  { .entry = 1, .by = "default" },
                  "0 of 2, no default in menu.lst" },
                { "not known",
                  "timeout 5\ndefault saved\n" TWO,
                  false,
                  { .by = "default", .unknown = "odd" },
                  "line 2: the saved entry is not known: odd" },
                { "not known and not asked for",
                  "timeout 5\ndefault 1\n" TWO,
                  false,
                  { .by = "default", .unknown = "odd" },
                  "1 of 2, default=1 in menu.lst" },
                { "SUSE's mark for one start",
                  "timeout 5\ndefault 0\n" TWO,
                  false,
                  { .entry = 0x4001, .by = "default" },
                  "default: 16385 may stand for one start only" },
                { "Red Hat, in stage2",
                  "timeout 5\ndefault saved\n" TWO,
                  true,
                  { .entry = 1, .by = "stage2" },
                  "1 of 2, default=saved in menu.lst, 1 in stage2" },
                { "Red Hat, once",
                  "default 0\n" TWO,
                  true,
                  { .entry = 1, .by = "stage2", .once = true },
                  "1 of 2, 1 for one start in stage2, after that 0, default=0 in menu.lst" },
                { "Red Hat, once, then saved",
                  "default=saved\n" TWO,
                  true,
                  { .entry = 0, .after = 1, .by = "stage2", .once = true },
                  "0 of 2, 0 for one start in stage2, after that 1, default=saved in menu.lst, 1 in "
                  "stage2" },
                { "Red Hat, once, no default line",
                  "timeout 5\n" TWO,
                  true,
                  { .entry = 1, .by = "stage2", .once = true },
                  "0 of 2, no default in menu.lst" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct grublegacy_input input = input_of(rows[i].text);
                cleanup_free char *got = NULL;

                input.red_hat = rows[i].red_hat;
                input.saved = rows[i].saved;
                got = choose(&input);
                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

/* What the chosen entry starts. */
static char *boot(const struct grublegacy_input *input)
{
        cleanup_grublegacy struct grublegacy menu = { 0 };
        cleanup_bootentry struct bootentry b = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (grublegacy_parse(input, &menu, &err) < 0 ||
            grublegacy_boot(input, &menu, menu.chosen, &b, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%s: (%s)%s [%s]", b.title, b.kernel.device, b.kernel.path, b.cmdline);
        for (size_t i = 0; i < b.n_initrds; i++)
                buf_printf(&out, " (%s)%s", b.initrds[i].device, b.initrds[i].path);
        return buf_take(&out);
}

static void test_entry(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "kernel and initrd",
                  "title A b\n\troot (hd0,0)\n\tkernel /boot/k ro root=LABEL=/ a=b\n\tinitrd /i\n",
                  "A b: (hd0,0)/boot/k [ro root=LABEL=/ a=b] (hd0,0)/i" },
                { "no root", "title A\nkernel /k ro\n", "A: ()/k [ro]" },
                { "no arguments", "title A\nkernel /k\n", "A: ()/k []" },
                { "devices in front of paths",
                  "title A\nroot (hd0,1)\nkernel (hd0,0)/k ro\ninitrd (hd0)/i\n",
                  "A: (hd0,0)/k [ro] (hd0)/i" },
                { "rootnoverify", "title A\nrootnoverify (hd1,2)\nkernel /k\n", "A: (hd1,2)/k []" },
                { "Ubuntu's uuid", "title A\nuuid aa-bb\nkernel /k\ninitrd /i\nquiet\n",
                  "A: (fs-uuid:aa-bb)/k [] (fs-uuid:aa-bb)/i" },
                { "options", "title A\nkernel --type=linux --no-mem-option /k ro\n",
                  "A: ()/k [ro]" },
                { "another system", "title A\nkernel --type=netbsd /k\n",
                  "line 2: it starts no Linux" },
                { "the last initrd counts", "title A\nkernel /k\ninitrd /i\ninitrd /j\n",
                  "A: ()/k [] ()/j" },
                { "the last kernel counts", "title A\nkernel /k a\ninitrd /i\nkernel /l b\n",
                  "A: ()/l [b]" },
                { "two initrds", "title A\nkernel /k\ninitrd /i /j\n",
                  "line 3: not every GRUB loads more than one initrd" },
                { "nothing behind boot", "title A\nkernel /k\nboot\nchainloader +1\n",
                  "A: ()/k []" },
                { "Xen before another",
                  "title X\nroot (hd0,0)\nkernel /xen.gz\nmodule /k ro\n"
                  "module /i\n" TWO,
                  "line 4: /xen.gz is started with modules, as the Xen hypervisor is: which kernel "
                  "runs is its business" },
                { "Xen beside the default",
                  "default 2\ntitle X\nroot (hd0,0)\nkernel /xen.gz\n"
                  "module /k ro\nmodule /i\n" TWO,
                  "B: (hd0,0)/b [ro]" },
                { "another loader", "title W\nrootnoverify (hd0,0)\nchainloader +1\n",
                  "line 3: it hands over to another boot loader, +1" },
                { "another menu", "title W\nconfigfile (hd0,1)/m\n",
                  "line 2: it loads another menu, (hd0,1)/m" },
                { "no kernel", "title W\nroot (hd0,0)\n", "line 1: \"W\" starts no kernel" },
                { "initrd first", "title W\ninitrd /i\nkernel /k\n",
                  "line 2: an initrd before the kernel: GRUB stops" },
                { "blocks", "title W\nkernel (hd0)1+20\n", "line 2: \"1+20\" is no path" },
                { "no device", "title W\nroot hd0,0\n", "line 2: \"hd0,0\" is no device" },
                { "not closed", "title W\nkernel (hd0 /k)\n", "line 2: \"(hd0 /k)\" is no path" },
                { "locked without a password", "title A\nlock\nkernel /k\n", "A: ()/k []" },
                { "locked", "password --md5 x\ntitle A\nlock\nkernel /k\n",
                  "line 3: the entry is locked with a password" },
                { "a password for the menu only", "password x\ntitle A\nkernel /k\n",
                  "A: ()/k []" },
                { "a password asked for", "title A\npassword x\nkernel /k\n",
                  "line 2: \"password x\" is not understood" },
                { "savedefault that cannot be written", "title A\nkernel /k\nsavedefault\n",
                  "line 3: whether GRUB can do this, or skips the entry, is not known" },
                { "a global command in an entry", "title A\nkernel /k\ntimeout 3\n",
                  "line 3: \"timeout 3\" is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct grublegacy_input input = input_of(rows[i].text);
                cleanup_free char *got = boot(&input);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_builds(void **state _unused_)
{
        static const char text[] = "title A\nkernel /k ro\ninitrd /i  /j\nsavedefault\n";
        struct grublegacy_input input = input_of(text);
        cleanup_free char *red_hat = NULL, *upstream = NULL, *fallback = NULL;

        input.red_hat = true;
        red_hat = boot(&input);
        assert_string_equal(red_hat, "A: ()/k [ro] ()/i ()/j");
        input = input_of("title A\nkernel /k ro\nsavedefault\n");
        input.saved.writable = true;
        upstream = boot(&input);
        assert_string_equal(upstream, "A: ()/k [ro]");
        input.text = span_of("title A\nkernel /k ro\nsavedefault fallback\n");
        fallback = boot(&input);
        assert_string_equal(fallback,
                            "line 3: whether GRUB can do this, or skips the entry, is not known");
}

static void test_long_command_line(void **state _unused_)
{
        cleanup_free char *full = NULL, *over = NULL, *red_hat = NULL;
        cleanup_buf struct buf text = { 0 };
        struct grublegacy_input input;

        buf_puts(&text, "title A\nkernel /k ");
        for (int i = 0; i < 255; i++)
                buf_putc(&text, 'x');
        input = input_of(text.data);
        full = boot(&input);
        assert_true(str_startswith(full, "A: ()/k [xxxx"));
        buf_putc(&text, 'x');
        input = input_of(text.data);
        over = boot(&input);
        assert_string_equal(over, "line 2: GRUB cuts command lines longer than 255 bytes");
        input.red_hat = true;
        red_hat = boot(&input);
        assert_int_equal(strlen(red_hat), strlen("A: ()/k []") + 256);
}

static void test_others(void **state _unused_)
{
        static const char text[] = "timeout 1\nfallback 4\ntitle a\nkernel /a\ntitle x\nkernel "
                                   "/xen.gz\nmodule /k\ntitle w\nchainloader +1\ntitle odd\n"
                                   "map (hd0) (hd1)\nkernel /k\ntitle b\nkernel /b\ntitle c\n"
                                   "kernel /c\n";
        struct grublegacy_input input = input_of(text);
        cleanup_grublegacy struct grublegacy menu = { 0 };
        cleanup_bootmenu struct bootmenu others = { 0 };
        cleanup_buf struct buf out = { 0 };
        struct err err = { 0 };

        assert_int_equal(grublegacy_parse(&input, &menu, &err), 0);
        grublegacy_list_others(&input, &menu, &others);
        for (size_t i = 0; i < others.n; i++) {
                const struct bootentry *b = &others.others[i];

                buf_printf(&out, "%s %s: role %d starts %d %s%s%s\n", b->index, b->title, b->role,
                           b->starts, b->kernel.path ? b->kernel.path : "-",
                           b->chosen_by ? ", " : "", b->chosen_by ? b->chosen_by : "");
                if (b->unknown)
                        buf_printf(&out, "  %s\n", b->unknown);
        }
        assert_string_equal(out.data, "1 x: role 3 starts 1 -\n"
                                      "2 w: role 3 starts 2 -\n"
                                      "3 odd: role 3 starts 0 -\n"
                                      "  line 11: \"map (hd0) (hd1)\" is not understood\n"
                                      "4 b: role 2 starts 0 /b, fallback in menu.lst\n"
                                      "5 c: role 3 starts 0 /c\n");
}

static void test_refused(void **state _unused_)
{
        cleanup_buf struct buf text = { 0 };
        cleanup_free char *nul = NULL, *many = NULL;
        struct grublegacy_input input = input_of("");

        input.text = SPAN("title a\0\n");
        nul = choose(&input);
        assert_string_equal(nul, "it is no text: it has a NUL byte");
        for (int i = 0; i <= GRUBLEGACY_ENTRIES_MAX; i++)
                buf_puts(&text, "title a\nkernel /k\n");
        input.text = buf_span(&text);
        many = choose(&input);
        assert_string_equal(many, "more than 1000 entries");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_default), cmocka_unit_test(test_saved),
                cmocka_unit_test(test_entry),   cmocka_unit_test(test_builds),
                cmocka_unit_test(test_others),  cmocka_unit_test(test_long_command_line),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
