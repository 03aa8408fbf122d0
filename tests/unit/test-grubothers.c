#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/grubcfg.h"

static int test_file(void *data, char op, const char *device _unused_, const char *path)
{
        return data && streq(path, "/boot/grub/grubenv") && op != 'd';
}

static int read_file(void *data, const char *device _unused_, const char *path, struct blob *ret,
                     char **ret_name, struct err *err _unused_)
{
        struct buf out = { 0 };

        if (!data || !streq(path, "/boot/grub/grubenv"))
                return 0;
        buf_printf(&out, "# GRUB Environment Block\n%s", (const char *)data);
        while (out.len < 1024)
                buf_putc(&out, '#');
        ret->len = out.len;
        ret->data = buf_take(&out);
        *ret_name = xstrdup(path);
        return 1;
}

static int list_directory(void *data _unused_, const char *device _unused_,
                          const char *path _unused_, struct strv *ret _unused_,
                          struct err *err _unused_)
{
        return 0;
}

static void describe_entry(struct buf *out, const struct bootentry *b)
{
        static const char *const roles[] = { "next", "after once", "fallback", "menu" };
        static const char *const starts[] = { "", "hypervisor", "other" };

        buf_printf(out, "%s %s %s:", roles[b->role], b->index, b->title);
        if (b->unknown)
                buf_printf(out, " ? %s", b->unknown);
        else if (b->starts)
                buf_printf(out, " %s", starts[b->starts]);
        else
                buf_printf(out, " %s %s", b->kernel.path, b->cmdline);
        for (size_t i = 0; i < b->n_initrds; i++)
                buf_printf(out, "; %s", b->initrds[i].path);
        buf_putc(out, '\n');
}

/* A line for each entry; at the end, after "+", why there may be more. */
static char *describe(const char *text, const char *grubenv)
{
        const struct grubcfg_input input = {
                .text = span_of(text),
                .name = "/boot/grub/grub.cfg",
                .directory = "/boot/grub",
                .host = { (void *)grubenv, test_file, read_file, list_directory },
        };
        cleanup_bootmenu struct bootmenu menu = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (grubcfg_evaluate(&input, &menu, &err) < 0)
                return xstrdup(err.text);
        describe_entry(&out, &menu.next);
        for (size_t i = 0; i < menu.n; i++)
                describe_entry(&out, &menu.others[i]);
        if (menu.incomplete)
                buf_printf(&out, "+ %s\n", menu.incomplete);
        return buf_take(&out);
}

/* What grub-mkconfig writes with GRUB_DEFAULT=saved, shortened. */
#define HEAD                                          \
        "if [ -s $prefix/grubenv ]; then\n"           \
        "  load_env\n"                                \
        "fi\n"                                        \
        "if [ \"${next_entry}\" ] ; then\n"           \
        "   set default=\"${next_entry}\"\n"          \
        "   set next_entry=\n"                        \
        "   save_env next_entry\n"                    \
        "   set boot_once=true\n"                     \
        "else\n"                                      \
        "   set default=\"${saved_entry}\"\n"         \
        "fi\n"                                        \
        "if [ \"${prev_saved_entry}\" ]; then\n"      \
        "  set saved_entry=\"${prev_saved_entry}\"\n" \
        "  save_env saved_entry\n"                    \
        "  set prev_saved_entry=\n"                   \
        "  save_env prev_saved_entry\n"               \
        "  set boot_once=true\n"                      \
        "fi\n"                                        \
        "function savedefault {\n"                    \
        "  if [ -z \"${boot_once}\" ]; then\n"        \
        "    saved_entry=\"${chosen}\"\n"             \
        "    save_env saved_entry\n"                  \
        "  fi\n"                                      \
        "}\n"
#define THREE                                            \
        "menuentry A { linux /a root=1\ninitrd /ai\n}\n" \
        "menuentry B { linux /b root=1\ninitrd /bi\n}\n" \
        "menuentry C --id c { linux /c root=1 quiet\n}\n"
#define A "next 0 A: /a root=1; /ai\n"

static void test_others(void **state _unused_)
{
        static const struct {
                const char *name, *text, *grubenv, *expected;
        } rows[] = {
                { "one entry", "menuentry A { linux /a root=1\ninitrd /ai\n}\n", NULL, A },
                { "three", THREE, NULL, A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n" },
                { "the default in the middle", "default=1\n" THREE, NULL,
                  "next 1 B: /b root=1; /bi\nmenu 0 A: /a root=1; /ai\nmenu 2 C: /c root=1 quiet\n" },
                { "default=a, which is hexadecimal for nobody", "default=a\n" THREE, NULL,
                  A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n" },
                { "submenus, the default within",
                  "default='1>0'\nmenuentry A { linux /a root=1\n}\n"
                  "submenu More { menuentry B { linux /b x\n }\nmenuentry C { linux /c\n }\n"
                  "submenu Yet { menuentry D { linux /d\n }\n }\n }\n",
                  NULL,
                  "next 1>0 B: /b x\nmenu 0 A: /a root=1\nmenu 1>1 C: /c \nmenu 1>2>0 D: /d \n" },
                { "an entry changes nothing for the next one",
                  "export v\nv=1\nfunction f { v=2\n}\n"
                  "menuentry A { linux /a $v\nv=3\n}\n"
                  "submenu S { v=5\n menuentry B { linux /b $v\n }\n}\n"
                  "menuentry C { f\nlinux /c $v\n}\n",
                  NULL, "next 0 A: /a 1\nmenu 1>0 B: /b 5\nmenu 2 C: /c 2\n" },
                { "what is not understood is its own affair",
                  "menuentry A { linux /a root=1\ninitrd /ai\n}\nmenuentry B { frob\n}\n"
                  "submenu S { frob\n}\nmenuentry C { linux /c\n}\n",
                  NULL,
                  A "menu 1 B: ? line 4: \"frob\" is not understood\n"
                    "menu 2 S: ? line 6: \"frob\" is not understood\nmenu 3 C: /c \n" },
                { "Xen beside the default",
                  "menuentry A { linux /a root=1\ninitrd /ai\n}\n"
                  "menuentry Xen {\nmultiboot\t/xen.gz placeholder\nmodule\t/a root=1\n}\n",
                  NULL, A "menu 1 Xen: hypervisor\n" },
                { "no Linux at all",
                  "menuentry A { linux /a root=1\ninitrd /ai\n}\n"
                  "menuentry W { chainloader +1\n}\nmenuentry F { fwsetup\n}\n"
                  "menuentry H { halt\n}\nmenuentry N { true\n}\nmenuentry M { configfile /x\n}\n",
                  NULL,
                  A "menu 1 W: other\nmenu 2 F: other\nmenu 3 H: other\nmenu 4 N: other\n"
                    "menu 5 M: other\n" },
                { "a chain of fallbacks", "default=0\nfallback='2 1'\n" THREE, NULL,
                  A "fallback 1 B: /b root=1; /bi\nfallback 2 C: /c root=1 quiet\n" },
                { "a fallback by its id", "fallback=c\n" THREE, NULL,
                  A "menu 1 B: /b root=1; /bi\nfallback 2 C: /c root=1 quiet\n" },
                { "a fallback that is nowhere", "fallback='7 x'\n" THREE, NULL,
                  A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n" },
                { "a fallback that is not known", "probe --set=fallback --fs $root\n" THREE, NULL,
                  A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n"
                    "+ the fallback depends on the result of \"probe\"\n" },
                { "falling back into a submenu",
                  "fallback=1\nmenuentry A { linux /a root=1\ninitrd /ai\n}\n"
                  "submenu S { menuentry B { linux /b\n }\nmenuentry C { linux /c\n }\n}\n",
                  NULL, A "fallback 1>0 B: /b \nmenu 1>1 C: /c \n" },
                { "once, then the saved one", HEAD THREE, "next_entry=0\nsaved_entry=c\n",
                  A "menu 1 B: /b root=1; /bi\nafter once 2 C: /c root=1 quiet\n" },
                { "once, then the first", HEAD THREE, "next_entry=B\n",
                  "next 1 B: /b root=1; /bi\nafter once 0 A: /a root=1; /ai\n"
                  "menu 2 C: /c root=1 quiet\n" },
                { "once the same", HEAD THREE, "next_entry=0\nsaved_entry=A\n",
                  A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n" },
                { "once, as old tools keep it", HEAD THREE, "saved_entry=0\nprev_saved_entry=2\n",
                  A "menu 1 B: /b root=1; /bi\nafter once 2 C: /c root=1 quiet\n" },
                { "the entry saves itself",
                  HEAD "menuentry A { savedefault\nlinux /a root=1\ninitrd /ai\n}\n", "", A },
                { "the entry saves the first but once it was another",
                  HEAD "menuentry A { savedefault\nlinux /a root=1\ninitrd /ai\n}\n"
                       "menuentry B { savedefault\nlinux /b\n}\n",
                  "next_entry=A\nsaved_entry=B\n", A "after once 1 B: /b \n" },
                { "the time after is not known",
                  HEAD "if [ \"${default}\" = 1 ]; then probe --set=default --fs $root\nfi\n" THREE,
                  "next_entry=0\nsaved_entry=1\n",
                  A "menu 1 B: /b root=1; /bi\nmenu 2 C: /c root=1 quiet\n"
                    "+ what starts the time after: the default entry depends on the result of "
                    "\"probe\"\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text, rows[i].grubenv);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_cap(void **state _unused_)
{
        cleanup_buf struct buf text = { 0 };
        cleanup_free char *got = NULL;
        size_t lines = 0;

        for (size_t i = 0; i < BOOTMENU_OTHERS_MAX + 2; i++)
                buf_puts(&text, "menuentry A { linux /a\n}\n");
        got = describe(text.data, NULL);
        for (const char *p = got; *p; p++)
                lines += *p == '\n';
        assert_int_equal(lines, BOOTMENU_OTHERS_MAX + 2);
        assert_string_equal(strstr(got, "+ "), "+ the menu has more than 64 other entries\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_others),
                cmocka_unit_test(test_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
