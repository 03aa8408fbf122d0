#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/grubcfg.h"

/* The file system GRUB reads: these files, and nothing can be told of what is below /dark. */
struct files {
        const char *grubenv; /* the lines; NULL: there is none */
        const char *custom;
        const char *entries; /* "NAME\nTEXT%NAME\nTEXT" in the directory of entry files */
        bool fallback;       /* which is /boot/loader/entries, not /loader/entries */
};

static bool is_in_entries(const struct files *f, const char *path)
{
        return f->entries &&
               str_startswith(path, f->fallback ? "/boot/loader/entries" : "/loader/entries");
}

/* The text of the entry file with that name, or the names of all of them. */
static char *find_entry(const struct files *f, const char *name, struct strv *names)
{
        for (const char *p = f->entries; *p;) {
                size_t len = strcspn(p, "\n"), all = strcspn(p, "%");
                cleanup_free char *found = xmemdup0(p, len);

                if (names)
                        strv_push(names, found);
                else if (streq(found, name))
                        return xmemdup0(p + len + 1, all - len - 1);
                p += all + (p[all] == '%');
        }
        return NULL;
}

static int list_directory(void *data, const char *device _unused_, const char *path,
                          struct strv *ret, struct err *err)
{
        const struct files *f = data;

        if (str_startswith(path, "/dark/"))
                return err_set(err, -EIO, "I/O error");
        if (!is_in_entries(f, path))
                return 0;
        find_entry(f, NULL, ret);
        strv_sort(ret);
        return 1;
}

static const char *find_file(const struct files *f, const char *path)
{
        if (streq(path, "/boot/grub/grubenv"))
                return f->grubenv;
        return streq(path, "/boot/grub/custom.cfg") ? f->custom : NULL;
}

static int test_file(void *data, char op, const char *device _unused_, const char *path)
{
        if (str_startswith(path, "/dark/"))
                return -EIO;
        if (streq(path, "/boot/grub"))
                return op == 'd' || op == 'e';
        return find_file(data, path) && op != 'd';
}

static int read_file(void *data, const char *device _unused_, const char *path, struct blob *ret,
                     char **ret_name, struct err *err)
{
        const char *text = find_file(data, path);
        struct buf out = { 0 };

        if (is_in_entries(data, path)) {
                ret->data = find_entry(data, strrchr(path, '/') + 1, NULL);
                ret->len = ret->data ? strlen(ret->data) : 0;
                *ret_name = ret->data ? xasprintf("/boot%s", strstr(path, "/loader/")) : NULL;
                return ret->data != NULL;
        }

        if (str_startswith(path, "/dark/"))
                return err_set(err, -EIO, "I/O error");
        if (!text)
                return 0;
        if (str_endswith(path, "grubenv"))
                buf_puts(&out, "# GRUB Environment Block\n");
        buf_puts(&out, text);
        if (str_endswith(path, "grubenv"))
                while (out.len < 1024)
                        buf_putc(&out, '#');
        ret->len = out.len;
        ret->data = buf_take(&out);
        *ret_name = xstrdup(path);
        return 1;
}

static int evaluate(const char *text, struct files *files, bool red_hat, struct bootentry *boot,
                    struct err *err)
{
        const struct grubcfg_input input = {
                .text = span_of(text),
                .name = "/boot/grub/grub.cfg",
                .directory = "/boot/grub",
                .red_hat = red_hat,
                .host = { files, test_file, read_file, list_directory },
        };

        cleanup_bootmenu struct bootmenu menu = { 0 };
        int r = grubcfg_evaluate(&input, &menu, err);

        *boot = menu.next;
        menu.next = (struct bootentry){ 0 };
        return r;
}

/* "index title: kernel cmdline; initrds", or the reason. */
static char *describe(const char *text, struct files files)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (evaluate(text, &files, false, &boot, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%s %s: %s %s", boot.index, boot.title, boot.kernel.path, boot.cmdline);
        for (size_t i = 0; i < boot.n_initrds; i++)
                buf_printf(&out, "; %s", boot.initrds[i].path);
        return buf_take(&out);
}

static char *describe_choice(const char *text, struct files files)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct err err = { 0 };

        if (evaluate(text, &files, false, &boot, &err) < 0)
                return xstrdup(err.text);
        return xasprintf("%s %s: %s%s", boot.index, boot.title, boot.chosen_by,
                         boot.waits ? " (waits)" : "");
}

/* The head grub-mkconfig writes with GRUB_DEFAULT=saved, shortened, and a menu. */
#define HEAD                                               \
        "if [ -s $prefix/grubenv ]; then\n"                \
        "  set have_grubenv=true\n"                        \
        "  load_env\n"                                     \
        "fi\n"                                             \
        "if [ \"${next_entry}\" ] ; then\n"                \
        "   set default=\"${next_entry}\"\n"               \
        "   set next_entry=\n"                             \
        "   save_env next_entry\n"                         \
        "   set boot_once=true\n"                          \
        "else\n"                                           \
        "   set default=\"${saved_entry}\"\n"              \
        "fi\n"                                             \
        "if [ x\"${feature_menuentry_id}\" = xy ]; then\n" \
        "  menuentry_id_option=\"--id\"\n"                 \
        "else\n"                                           \
        "  menuentry_id_option=\"\"\n"                     \
        "fi\n"                                             \
        "export menuentry_id_option\n"                     \
        "set timeout=5\n"
#define MENU                                                                               \
        "menuentry 'Debian' --class debian --class os $menuentry_id_option 'simple' {\n"   \
        "  linux /k0\n}\n"                                                                 \
        "submenu 'Advanced options' $menuentry_id_option 'advanced' {\n"                   \
        "  menuentry 'Linux 6' --class os $menuentry_id_option 'six' { linux /k6\n}\n"     \
        "  menuentry 'Linux 5' --class os $menuentry_id_option 'five' { linux /k5\n}\n"    \
        "  menuentry 'Linux 4 > 3' --class os $menuentry_id_option 'a>b' { linux /k4\n}\n" \
        "}\n"                                                                              \
        "menuentry 'Windows' { linux /win\n}\n"

static void test_choice(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                struct files files;
                const char *expected;
        } rows[] = {
                { "nothing saved",
                  HEAD MENU,
                  { 0 },
                  "0 Debian: the default is empty, so the first entry" },
                { "saved_entry by number",
                  HEAD MENU,
                  { "saved_entry=2\n" },
                  "2 Windows: grubenv saved_entry" },
                { "saved_entry by title",
                  HEAD MENU,
                  { "saved_entry=Windows\n" },
                  "2 Windows: grubenv saved_entry" },
                { "saved_entry by id",
                  HEAD MENU,
                  { "saved_entry=simple\n" },
                  "0 Debian: grubenv saved_entry" },
                { "saved_entry by ids",
                  HEAD MENU,
                  { "saved_entry=advanced>five\n" },
                  "1>1 Linux 5: grubenv saved_entry" },
                { "saved_entry by titles",
                  HEAD MENU,
                  { "saved_entry=Advanced options>Linux 4 >> 3\n" },
                  "1>2 Linux 4 > 3: grubenv saved_entry" },
                { "an id with > in it",
                  HEAD MENU,
                  { "saved_entry=1>a>>b\n" },
                  "1>2 Linux 4 > 3: grubenv saved_entry" },
                { "saved_entry pointing nowhere",
                  HEAD MENU,
                  { "saved_entry=gone\n" },
                  "0 Debian: grubenv saved_entry, which names no entry, so the first one" },
                { "saved_entry out of range",
                  HEAD MENU,
                  { "saved_entry=3\n" },
                  "0 Debian: grubenv saved_entry, which names no entry, so the first one" },
                { "saved title that is in the submenu",
                  HEAD MENU,
                  { "saved_entry=Linux 5\n" },
                  "0 Debian: grubenv saved_entry, which names no entry, so the first one" },
                { "a submenu alone",
                  HEAD MENU,
                  { "saved_entry=1\n" },
                  "1>0 Linux 6: grubenv saved_entry, a submenu, so its first entry" },
                { "nowhere in the submenu",
                  HEAD MENU,
                  { "saved_entry=1>gone\n" },
                  "1>0 Linux 6: grubenv saved_entry, which names no entry of the submenu, so its first one" },
                { "next_entry comes first",
                  HEAD MENU,
                  { "saved_entry=0\nnext_entry=1>1\n" },
                  "1>1 Linux 5: grubenv next_entry" },
                { "no environment block",
                  HEAD MENU,
                  { "" },
                  "0 Debian: the default is empty, so the first entry" },
                { "default=0",
                  "set timeout=0\nset default=0\n" MENU,
                  { 0 },
                  "0 Debian: default=0 in grub.cfg" },
                { "default=\"1>2\"",
                  "timeout=0\nset default=\"1>2\"\n" MENU,
                  { 0 },
                  "1>2 Linux 4 > 3: default=1>2 in grub.cfg" },
                { "default out of range",
                  "timeout=0\nset default=\"7\"\n" MENU,
                  { 0 },
                  "0 Debian: default=7 in grub.cfg, which names no entry, so the first one" },
                { "default=\"a\"",
                  "timeout=0\nset default=\"a\"\n" MENU,
                  { 0 },
                  "0 Debian: default=a in grub.cfg, which names no entry, so the first one" },
                { "default by title",
                  "timeout=0\nset default=\"Windows\"\n" MENU,
                  { 0 },
                  "2 Windows: default=Windows in grub.cfg" },
                { "no default",
                  "timeout=0\n" MENU,
                  { 0 },
                  "0 Debian: no default is set, so the first entry" },
                { "no time-out",
                  MENU,
                  { 0 },
                  "0 Debian: no default is set, so the first entry (waits)" },
                { "time-out -1",
                  "timeout=-1\n" MENU,
                  { 0 },
                  "0 Debian: no default is set, so the first entry (waits)" },
                { "custom.cfg sets it",
                  "timeout=0\nif [ -f ${config_directory}/custom.cfg ]; then\n"
                  " source ${config_directory}/custom.cfg\nfi\n" MENU,
                  { NULL, "set default=2\n" },
                  "2 Windows: default=2 in grub.cfg" },
                { "custom.cfg adds an entry",
                  "timeout=0\nset default=new\n" MENU "source $prefix/custom.cfg\n",
                  { NULL, "menuentry New --id new { linux /new\n }\n" },
                  "3 New: default=new in grub.cfg" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe_choice(rows[i].text, rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

#define ENTRY(body) "menuentry m {\n" body "\n}\n"

static void test_entry(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                struct files files;
                const char *expected;
        } rows[] = {
                { "usual",
                  ENTRY("load=1\ninsmod gzio\nset root='hd0,gpt1'\n"
                        "search --no-floppy --fs-uuid --set=root 1-2\necho 'Loading ...'\n"
                        "linux\t/boot/vmlinuz-6 root=UUID=1-2 ro  console=tty0\n"
                        "initrd\t/boot/initrd.img-6"),
                  { 0 },
                  "0 m: /boot/vmlinuz-6 root=UUID=1-2 ro console=tty0; /boot/initrd.img-6" },
                { "four initrds in order",
                  ENTRY("linux /k\ninitrd /a.img /b.img /c.img /d.img"),
                  { 0 },
                  "0 m: /k ; /a.img; /b.img; /c.img; /d.img" },
                { "a later initrd replaces",
                  ENTRY("linux /k\ninitrd /a /b\ninitrd /c"),
                  { 0 },
                  "0 m: /k ; /c" },
                { "initrd before linux is an error to GRUB",
                  ENTRY("initrd /a\nlinux /k"),
                  { 0 },
                  "0 m: /k " },
                { "no initrd", ENTRY("linux /k ro"), { 0 }, "0 m: /k ro" },
                { "linux16 and initrd16",
                  ENTRY("linux16 /k a\ninitrd16 /i"),
                  { 0 },
                  "0 m: /k a; /i" },
                { "linuxefi and initrdefi",
                  ENTRY("linuxefi /k a\ninitrdefi /i"),
                  { 0 },
                  "0 m: /k a; /i" },
                { "device before the path",
                  ENTRY("linux ($root)/k a\ninitrd (hd0,msdos1)/i"),
                  { 0 },
                  "0 m: /k a; /i" },
                { "after boot nothing runs",
                  ENTRY("linux /k\nboot\ninitrd /i"),
                  { 0 },
                  "0 m: /k " },
                { "quoting of the command line",
                  ENTRY("linux /k a=\"b c\" 'd\"e' f\\\\g \"\" $nothing h"),
                  { 0 },
                  "0 m: /k \"a=b c\" d\\\"e f\\\\g  h" },
                { "title as parameter",
                  "menuentry 'T 1' { linux /k $1 \"$1\" $#\n}\n",
                  { 0 },
                  "0 T 1: /k T 1 \"T 1\" 1" },
                { "$chosen in a submenu",
                  "submenu a --id 'x>y' { menuentry b { linux /k $chosen default:$default\n}\n}\n",
                  { 0 },
                  "0>0 b: /k x>>y>b default:" },
                { "only exported variables in a submenu",
                  "a=1; b=2; export b\nsubmenu s { menuentry b { linux /k $a $b\n}\n}\n",
                  { 0 },
                  "0>0 b: /k 2" },
                { "Ubuntu: first attempt without initrd",
                  "set partuuid=1-2\nfunction initrdfail { if [ -n \"${have_grubenv}\" ]; then "
                  "save_env initrdfail; fi; }\n" ENTRY(
                          "if [ \"${initrdfail}\" = 1 ]; then\n"
                          " linux /k root=PARTUUID=1-2 ro\n initrd /i\nelse\n"
                          " linux /k root=PARTUUID=1-2 ro panic=-1\nfi\ninitrdfail"),
                  { 0 },
                  "0 m: /k root=PARTUUID=1-2 ro panic=-1" },
                { "Ubuntu: second attempt",
                  "load_env\n" ENTRY("if [ \"${initrdfail}\" = 1 ]; then\n linux /k ro\n"
                                     " initrd /ucode /i\nelse\n linux /k panic=-1\nfi"),
                  { "initrdfail=1\n" },
                  "0 m: /k ro; /ucode; /i" },
                { "Ubuntu: vt_handoff depends on the screen",
                  "function gfxmode { set gfxpayload=\"${1}\"\n if [ \"${1}\" = \"keep\" ]; then\n"
                  "  set vt_handoff=vt.handoff=7\n else\n  set vt_handoff=\n fi\n}\n"
                  "if hwmatch ${prefix}/gfxblacklist.txt 3; then\n if [ ${match} = 0 ]; then\n"
                  "  set linux_gfx_mode=keep\n else\n  set linux_gfx_mode=text\n fi\nelse\n"
                  " set linux_gfx_mode=text\nfi\nexport linux_gfx_mode\n" ENTRY(
                          "gfxmode $linux_gfx_mode\nlinux /k ro quiet $vt_handoff"),
                  { 0 },
                  "0 m: /k ro quiet" },
                { "Debian: fonts and terminals",
                  "if [ x$feature_default_font_path = xy ] ; then\n   font=unicode\nelse\n"
                  "insmod part_gpt\n    font=\"/usr/share/grub/unicode.pf2\"\nfi\n"
                  "if loadfont $font ; then\n  set gfxmode=auto\n  insmod gfxterm\n"
                  "  set locale_dir=$prefix/locale\n  set lang=C\nfi\nterminal_output gfxterm\n"
                  "if [ \"${recordfail}\" = 1 ] ; then\n  set timeout=30\nelse\n  set timeout=5\nfi\n"
                  "if background_image /a.png; then\n set color_normal=white/black\nelse\n"
                  " set menu_color_normal=cyan/blue\nfi\n" ENTRY("linux /k ro"),
                  { 0 },
                  "0 m: /k ro" },
                { "EFI parts are not run",
                  "if [ \"$grub_platform\" = efi ]; then\n fwsetup --is-supported\n"
                  " menuentry 'UEFI' { fwsetup\n }\nfi\n" ENTRY("linux /k"),
                  { 0 },
                  "0 m: /k " },
                { "the platform's variables",
                  ENTRY("linux /k $grub_cpu-$grub_platform $feature_timeout_style $config_file"),
                  { 0 },
                  "0 m: /k i386-pc y" },
                { "return gives the status before it",
                  "function f { false; return; }\nif f; then r=1; else r=2; fi\n$nothing\n" ENTRY(
                          "linux /k $r $?"),
                  { 0 },
                  "0 m: /k 2 0" },
                { "functions, loops, return",
                  "function f {\n if [ $# = 0 ]; then return; fi\n for i in \"$@\"; do\n"
                  "  if [ $i = 2 ]; then continue; fi\n  if [ $i = 4 ]; then break; fi\n"
                  "  r=\"$r$i\"\n done\n r=\"$r.\"\n}\nf\nf 1 2 3 4 5\n"
                  "while [ \"$x\" != aaa ]; do x=a$x; done\n" ENTRY("linux /k \"$r\" $x"),
                  { 0 },
                  "0 m: /k 13. aaa" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text, rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

/* Another file's menu takes the place of the one that is being made. */
static void test_configfile(void **state _unused_)
{
#define STUB "search.fs_uuid 1-2 root hd0,gpt1\nset prefix=($root)'/boot/grub'\n"
        static const struct {
                const char *name, *text;
                struct files files;
                const char *expected;
        } rows[] = {
                { "a stub of grub-install",
                  STUB "configfile $prefix/custom.cfg\n",
                  { .custom = ENTRY("linux $prefix/k") },
                  "0 m: /boot/grub/k " },
                { "a stub of Red Hat's",
                  "search --no-floppy --root-dev-only --fs-uuid --set=dev 1-2\n"
                  "set prefix=($dev)/boot/grub\nexport $prefix\nconfigfile $prefix/custom.cfg\n",
                  { .custom = ENTRY("linux $prefix/k") },
                  "0 m: /boot/grub/k " },
                { "what comes after it is not run, what was before is no longer in the menu",
                  ENTRY("linux /l") "configfile $prefix/custom.cfg\nset default=1\nfrob\n",
                  { .custom = ENTRY("linux /k") "menuentry n { linux /n\n}\n" },
                  "0 m: /k " },
                { "only exported variables are known there",
                  "a=1\nb=2\nexport b\nconfigfile $prefix/custom.cfg\n",
                  { .custom = ENTRY("linux /k a=$a b=$b") },
                  "0 m: /k a= b=2" },
                { "no such file", "configfile /none.cfg\n" ENTRY("linux /k"), { 0 }, "0 m: /k " },
                { "a file without entries",
                  "a=1\nconfigfile $prefix/custom.cfg\n" ENTRY("linux /k a=$a b=$b"),
                  { .custom = "a=2\nb=2\nexport b\n" },
                  "0 m: /k a=1 b=" },
                { "within each other",
                  "configfile $prefix/custom.cfg\nfrob\n",
                  { .custom = "if [ \"$n\" = xx ]; then\n" ENTRY(
                            "linux /k $n") "else\n n=x$n\n export n\n"
                                           " configfile $prefix/custom.cfg\n frob\nfi\n" },
                  "0 m: /k xx" },
                { "without end",
                  "configfile $prefix/custom.cfg\n",
                  { .custom = "\nconfigfile $prefix/custom.cfg\n" },
                  "/boot/grub/custom.cfg line 2: functions or files call each other too deeply" },
                { "on a condition",
                  "if keystatus; then\n configfile $prefix/custom.cfg\nfi\n",
                  { 0 },
                  "line 2: whether \"configfile\" is reached depends on the result of "
                  "\"keystatus\" (line 1)" },
                { "a file that cannot be read",
                  "configfile /dark/x\n",
                  { 0 },
                  "line 1: it reads /dark/x: I/O error" },
                { "a file on a disk that is not known",
                  "configfile (hd1,gpt1)/x\n",
                  { 0 },
                  "line 1: it reads a file that is not known" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text, rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_unknown(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                struct files files;
                const char *expected;
        } rows[] = {
                { "empty", "", { 0 }, "the menu has no entry" },
                { "syntax",
                  "a\nb &&c\n",
                  { 0 },
                  "line 2: pipes, && and ||, and redirections are not supported by GRUB" },
                { "unknown command",
                  "\nfrobnicate a\n",
                  { 0 },
                  "line 2: \"frobnicate\" is not understood" },
                { "unknown command in another entry",
                  ENTRY("linux /k") "menuentry n { frobnicate\n}\n",
                  { 0 },
                  "0 m: /k " },
                { "configfile in an entry",
                  ENTRY("configfile /x.cfg"),
                  { 0 },
                  "line 2: \"configfile\" goes on with another configuration" },
                { "chainloader",
                  ENTRY("chainloader +1"),
                  { 0 },
                  "line 2: \"chainloader\" starts another boot loader" },
                { "xen",
                  ENTRY("multiboot /xen.gz\nmodule /k"),
                  { 0 },
                  "line 2: \"multiboot\" starts no Linux kernel but a hypervisor or the like" },
                { "no kernel",
                  ENTRY("echo a"),
                  { 0 },
                  "line 1: the entry \"m\" loads no Linux kernel" },
                { "linux outside an entry",
                  "linux /k\n",
                  { 0 },
                  "line 1: \"linux\" outside a menu entry" },
                { "linux in a submenu",
                  "submenu s {\n linux /k\n}\n",
                  { 0 },
                  "line 2: \"linux\" outside a menu entry" },
                { "two kernels",
                  ENTRY("linux /k\nlinux /l"),
                  { 0 },
                  "line 3: a second \"linux\" in one entry" },
                { "an entry on a condition",
                  "if keystatus --shift; then\n" ENTRY("linux /k") "fi\n",
                  { 0 },
                  "line 2: whether \"menuentry\" is reached depends on the result of \"keystatus\" "
                  "(line 1)" },
                { "a default on a condition",
                  "if cmostest 1:2; then\n set default=1\nelse\n set default=0\nfi\n" ENTRY(
                          "linux /k"),
                  { 0 },
                  "the default entry depends on the result of \"cmostest\" (line 1)" },
                { "the same default either way",
                  "if cmostest 1:2; then\n set default=0\nelse\n set default=0\nfi\n" ENTRY(
                          "linux /k"),
                  { 0 },
                  "0 m: /k " },
                { "a kernel on a condition",
                  ENTRY("if [ -e /dark/x ]; then\n linux /k\nelse\n linux /l\nfi"),
                  { 0 },
                  "line 3: whether \"linux\" is reached depends on a test of the file \"/dark/x\" "
                  "(line 2)" },
                { "a command line on a condition",
                  "if keystatus; then\n opt=single\nfi\n" ENTRY("linux /k ro $opt"),
                  { 0 },
                  "line 5: the command line depends on the result of \"keystatus\" (line 1)" },
                { "another disk",
                  ENTRY("linux (hd1,1)/k"),
                  { 0 },
                  "line 2: \"linux\" reads (hd1,1)/k, which may be on another disk" },
                { "a disk whose name begins alike",
                  ENTRY("linux (hd01,1)/k"),
                  { 0 },
                  "line 2: \"linux\" reads (hd01,1)/k, which may be on another disk" },
                { "another disk by $root",
                  ENTRY("set root=hd1,msdos1\nlinux /k"),
                  { 0 },
                  "line 3: \"linux\" reads /k, which may be on another disk" },
                { "no path",
                  ENTRY("linux k"),
                  { 0 },
                  "line 2: \"linux\" reads k, which is no absolute path" },
                { "a pattern",
                  ENTRY("linux /vmlinuz-*"),
                  { 0 },
                  "line 2: the file of \"linux\" depends on a pattern of file names" },
                { "a quoted pattern is a name",
                  ENTRY("linux '/vmlinuz-*' a=*"),
                  { 0 },
                  "0 m: /vmlinuz-* a=*" },
                { "password",
                  "set superusers=root\n" ENTRY("linux /k"),
                  { 0 },
                  "line 2: the entry asks for a password before it starts" },
                { "unrestricted",
                  "set superusers=root\nmenuentry m --unrestricted { linux /k\n}\n",
                  { 0 },
                  "0 m: /k " },
                { "environment that cannot be read",
                  "load_env --file /dark/env\n" ENTRY("linux /k"),
                  { 0 },
                  "line 1: variables are loaded from /dark/env: I/O error" },
                { "file that cannot be read",
                  "source /dark/x.cfg\n" ENTRY("linux /k"),
                  { 0 },
                  "line 1: it reads /dark/x.cfg: I/O error" },
                { "file that is not there",
                  "source /x.cfg\n" ENTRY("linux /k"),
                  { 0 },
                  "0 m: /k " },
                { "error in a sourced file",
                  "\nsource $prefix/custom.cfg\n" ENTRY("linux /k"),
                  { NULL, "a\nb |c" },
                  "/boot/grub/custom.cfg line 2: pipes, && and ||, and redirections are not supported "
                  "by GRUB" },
                { "not understood in a sourced file",
                  "\nsource $prefix/custom.cfg\n" ENTRY("linux /k"),
                  { NULL, "\n\nmultiboot /x\n" },
                  "/boot/grub/custom.cfg line 3: \"multiboot\" starts no Linux kernel but a hypervisor or the like" },
                { "translated title",
                  "menuentry $\"a\" { linux /k\n}\n",
                  { 0 },
                  "line 1: the title or an option of a menuentry depends on a text that GRUB "
                  "translates" },
                { "return out of place", "return\n", { 0 }, "line 1: \"return\" is out of place" },
                { "return on a condition",
                  "function f {\n if keystatus; then return; fi\n default=1\n}\nf\n" ENTRY(
                          "linux /k"),
                  { 0 },
                  "line 2: whether \"return\" is reached depends on the result of \"keystatus\" "
                  "(line 2)" },
                { "loop on a condition",
                  "while keystatus; do\n a=1\ndone\n",
                  { 0 },
                  "line 1: how often a loop is run depends on the result of \"keystatus\"" },
                { "command from a variable",
                  "if keystatus; then a=x; fi\n$a b\n",
                  { 0 },
                  "line 2: which command is run depends on the result of \"keystatus\" (line 1)" },
                { "unknown file found by what search sets",
                  ENTRY("search --label --set=root \"a b\"\nlinux /k"),
                  { 0 },
                  "0 m: /k " },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text, rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_places(void **state _unused_)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct files files = { NULL,
                               "menuentry 'M' --id m {\n\tlinux\t/k a \n\tinitrd /i /j\n}\n" };
        struct err err = { 0 };

        assert_int_equal(evaluate("search --fs-uuid --set=root 1-2\nsource $prefix/custom.cfg\n",
                                  &files, false, &boot, &err),
                         0);
        assert_string_equal(boot.id, "m");
        assert_string_equal(boot.place.file, "/boot/grub/custom.cfg");
        assert_int_equal(boot.place.line, 1);
        assert_string_equal(boot.place.text, "menuentry 'M' --id m {");
        assert_int_equal(boot.kernel.place.line, 2);
        assert_string_equal(boot.kernel.place.text, "linux\t/k a");
        assert_string_equal(boot.kernel.device, "fs-uuid:1-2");
        assert_int_equal(boot.initrds[1].place.line, 3);
        assert_string_equal(boot.initrds[1].place.text, "initrd /i /j");
}

static void test_red_hat(void **state _unused_)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct files files = { 0 };
        struct err err = { 0 };

        assert_int_equal(evaluate("set default='1>1'\n" MENU, &files, true, &boot, &err), -ENODATA);
        assert_string_equal(
                err.text, "default \"1>1\" means different entries to different versions of GRUB");
}

static char *repeat(const char *text, size_t n)
{
        struct buf b = { 0 };

        while (n--)
                buf_puts(&b, text);
        return buf_take(&b);
}

static void test_caps(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "endless loop", "while true; do a=1; done\n",
                  "line 1: a loop that goes on for too long" },
                { "endless function", "function f { f; }\nf\n",
                  "line 1: functions or files call each other too deeply" },
                { "steps",
                  "function f { for i in 1 2 3 4 5 6 7 8 9; do true; true; true; done; }\n"
                  "function g { f; f; f; f; f; f; f; f; }\nfunction h { g; g; g; g; g; g; g; g; }\n"
                  "h; h; h; h; h; h\n",
                  "line 1: a loop that goes on for too long" },
                { "growing value",
                  "a=xxxxxxxxxxxxxxxx\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do a=$a$a; done\n",
                  "line 2: a word is too long" },
                { "file that reads itself", "source $prefix/custom.cfg\n",
                  "/boot/grub/custom.cfg line 1: functions or files call each other too deeply" },
                { "conditions within each other", "function f { if keystatus; then f; fi; }\nf\n",
                  "line 1: too many conditions depend on what is not known" },
        };
        struct files files = { NULL, "source $prefix/custom.cfg\n" };
        cleanup_free char *steps = repeat("true;true;true;true;true;true;true;true;true;true\n",
                                          GRUBCFG_STEPS_MAX / 10 + 1);
        cleanup_free char *entries = repeat(ENTRY("linux /k"), GRUBCFG_ENTRIES_MAX + 1);
        cleanup_free char *forks = repeat("if keystatus; then a=1; fi\n", GRUBCFG_FORKS_MAX + 1);
        cleanup_free char *menus = repeat("submenu s {\n", GRUBCFG_MENUS_MAX + 1);
        cleanup_free char *closing = repeat("}\n", GRUBCFG_MENUS_MAX + 1);
        cleanup_free char *reads = repeat("load_env\n", GRUBCFG_READS_MAX + 1);
        cleanup_free char *sets = repeat("a=$x\n", GRUBCFG_EXPANDED_MAX / 10000 + 1);
        cleanup_free char *value = repeat("x ", 10000);
        cleanup_free char *words = xasprintf("x='%s'\n%s", value, sets);
        cleanup_free char *names = repeat(" /i", GRUBCFG_INITRDS_MAX / 2 + 1);
        cleanup_free char *initrds = xasprintf(ENTRY("linux /k\ninitrd%s\ninitrd%s"), names, names);
        cleanup_free char *deep = xasprintf("%s%s%s", menus, ENTRY("linux /k"), closing);
        const struct {
                const char *text, *expected;
        } made[] = {
                { steps, "line 10001: the configuration runs too many commands" },
                { entries, "line 30001: too many menu entries" },
                { forks, "line 1001: too many conditions depend on what is not known" },
                { reads,
                  "line 101: variables are loaded from /boot/grub/grubenv: too many files are read" },
                { words, "line 839: the configuration makes too many words" },
                { initrds, "line 4: too many initrds" },
                { deep, "line 9: too many submenus within each other" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text, files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
        for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
                cleanup_free char *got = describe(made[i].text, files);

                assert_string_equal(got, made[i].expected);
        }
}

/* What 10_linux of RHEL 8 writes, shortened. */
#define BLS_HEAD                                        \
        "set timeout=5\n"                               \
        "if [ -z \"${kernelopts}\" ]; then\n"           \
        "  set kernelopts=\"root=UUID=own ro quiet\"\n" \
        "fi\n"                                          \
        "insmod blscfg\nblscfg\n"
#define BLS_ENTRY(version, options)                                                             \
        "0abc-" version ".conf\ntitle RHEL " version "\nversion " version "\nlinux /k-" version \
        "\ninitrd /i-" version " $tuned_initrd\noptions " options                               \
        "\nid ignored\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class k\n"
#define RESCUE                                                                       \
        "0abc-0-rescue.conf\ntitle Rescue\nversion 0-rescue-0abc\nlinux /k-rescue\n" \
        "initrd /i-rescue\noptions $kernelopts\n"

static char *describe_bls(const char *text, struct files files)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (evaluate(text, &files, true, &boot, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%s %s%s: %s %s", boot.index, boot.bls ? boot.id : "no file", boot.title,
                   boot.kernel.path, boot.cmdline);
        for (size_t i = 0; i < boot.n_initrds; i++)
                buf_printf(&out, "; %s", boot.initrds[i].path);
        return buf_take(&out);
}

static void test_bls(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                struct files files;
                const char *expected;
        } rows[] = {
                { "newest first, the rescue entry last",
                  BLS_HEAD,
                  { .entries = RESCUE "%" BLS_ENTRY("4.18.0-80.el8", "a=b ro") "%" BLS_ENTRY(
                            "4.18.0-305.el8", "a=c ro") },
                  "0 0abc-4.18.0-305.el8RHEL 4.18.0-305.el8: /k-4.18.0-305.el8 a=c ro; "
                  "/i-4.18.0-305.el8" },
                { "kernelopts of grub.cfg, tuned_params not set",
                  BLS_HEAD,
                  { .entries = BLS_ENTRY("4.18.0-80.el8", "$kernelopts $tuned_params") },
                  "0 0abc-4.18.0-80.el8RHEL 4.18.0-80.el8: /k-4.18.0-80.el8 root=UUID=own ro "
                  "quiet; /i-4.18.0-80.el8" },
                { "kernelopts, tuned_params and tuned_initrd of grubenv",
                  "load_env\n" BLS_HEAD,
                  { .grubenv = "kernelopts=root=/dev/xvda2 ro\ntuned_params=isolcpus=1 nohz=on\n"
                               "tuned_initrd=/tuned.img\n",
                    .entries = BLS_ENTRY("4.18.0-80.el8", "$kernelopts $tuned_params") },
                  "0 0abc-4.18.0-80.el8RHEL 4.18.0-80.el8: /k-4.18.0-80.el8 root=/dev/xvda2 ro "
                  "isolcpus=1 nohz=on; /i-4.18.0-80.el8; /tuned.img" },
                { "saved_entry is the name of a file",
                  "load_env\nset default=\"${saved_entry}\"\n" BLS_HEAD,
                  { .grubenv = "saved_entry=0abc-4.18.0-80.el8\n",
                    .entries = BLS_ENTRY("4.18.0-80.el8", "x=1 ro") "%" BLS_ENTRY("4.18.0-305.el8",
                                                                                  "x=2 ro") },
                  "1 0abc-4.18.0-80.el8RHEL 4.18.0-80.el8: /k-4.18.0-80.el8 x=1 ro; "
                  "/i-4.18.0-80.el8" },
                { "saved_entry of a kernel that went",
                  "load_env\nset default=\"${saved_entry}\"\n" BLS_HEAD,
                  { .grubenv = "saved_entry=0abc-4.18.0-9.el8\n",
                    .entries = BLS_ENTRY("4.18.0-80.el8", "x=1 ro") "%" BLS_ENTRY("4.18.0-305.el8",
                                                                                  "x=2 ro") },
                  "0 0abc-4.18.0-305.el8RHEL 4.18.0-305.el8: /k-4.18.0-305.el8 x=2 ro; "
                  "/i-4.18.0-305.el8" },
                { "default by number",
                  "set default=1\n" BLS_HEAD,
                  { .entries = BLS_ENTRY("4.18.0-80.el8", "x=1 ro") "%" BLS_ENTRY("4.18.0-305.el8",
                                                                                  "x=2 ro") },
                  "1 0abc-4.18.0-80.el8RHEL 4.18.0-80.el8: /k-4.18.0-80.el8 x=1 ro; "
                  "/i-4.18.0-80.el8" },
                { "without /boot of its own",
                  BLS_HEAD,
                  { .fallback = true, .entries = BLS_ENTRY("6.1.1-1.amzn2023", "x=1 ro") },
                  "0 0abc-6.1.1-1.amzn2023RHEL 6.1.1-1.amzn2023: /k-6.1.1-1.amzn2023 x=1 ro; "
                  "/i-6.1.1-1.amzn2023" },
                { "after entries of grub.cfg itself",
                  "menuentry Own --id own { linux /own\n}\n" BLS_HEAD,
                  { .entries = BLS_ENTRY("4.18.0-80.el8", "x=1 ro") },
                  "0 no fileOwn: /own " },
                { "several initrd lines, and early_initrd",
                  "set early_initrd=\"ucode.img acpi.img\"\n" BLS_HEAD,
                  { .entries = "0abc-1.conf\nlinux /a/k\ninitrd /a/i\ninitrd /a/j\n" },
                  "0 0abc-1/a/k: /a/k ; /a/ucode.img; /a/acpi.img; /a/i; /a/j" },
                { "no options, but default_kernelopts",
                  "set default_kernelopts=\"ro quiet\"\n" BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\n" },
                  "0 a-1/k: /k ro quiet" },
                { "a file without a kernel is no entry",
                  BLS_HEAD,
                  { .entries = "z-9.conf\ntitle Windows\nefi /bootmgr.efi\n%" BLS_ENTRY(
                            "4.18.0-80.el8", "x=1 ro") },
                  "0 0abc-4.18.0-80.el8RHEL 4.18.0-80.el8: /k-4.18.0-80.el8 x=1 ro; "
                  "/i-4.18.0-80.el8" },
                { "other files of the directory",
                  BLS_HEAD,
                  { .entries = "x.conf.bak\nlinux /bad\n%.hidden.conf\nlinux /bad\n%"
                               ".conf\nlinux /bad\n%a-1.conf\nlinux /k\n" },
                  "0 a-1/k: /k " },
                { "no entry file", BLS_HEAD, { .entries = "" }, "the menu has no entry" },
                { "an empty line ends the file",
                  BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\n\ninitrd /i\n" },
                  "/boot/loader/entries/a-1.conf line 1: line 2 is empty or has no value: GRUB "
                  "reads no further" },
                { "a tab before a blank",
                  BLS_HEAD,
                  { .entries = "a-1.conf\ntitle\tA B\nlinux /k\n" },
                  "/boot/loader/entries/a-1.conf line 1: line 1: a tab after the key is understood "
                  "by some versions of GRUB only" },
                { "text right behind a variable",
                  BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\noptions $kernelopts,more ro\n" },
                  "/boot/loader/entries/a-1.conf line 1: the command line depends on $kernelopts "
                  "and text right behind it" },
                { "a command line that is not known",
                  "if hwmatch x; then set kernelopts=a; fi\n" BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\noptions $kernelopts\n" },
                  "/boot/loader/entries/a-1.conf line 1: the command line depends on the result of "
                  "\"hwmatch\" (line 1) (line 3)" },
                { "another machine's entries: sorted by version, or by name",
                  BLS_HEAD,
                  { .entries = "0abc-2-1.conf\nversion 2-1\nlinux /new\n%"
                               "9def-1-1.conf\nversion 1-1\nlinux /old\n" },
                  "the default is the entry at place 0 of the menu, and GRUB of RHEL 8 and of RHEL "
                  "9 sort the entries differently" },
                { "the same, chosen by name",
                  "set default=0abc-2-1\n" BLS_HEAD,
                  { .entries = "0abc-2-1.conf\nversion 2-1\nlinux /new\n%"
                               "9def-1-1.conf\nversion 1-1\nlinux /old\n" },
                  "1 0abc-2-1/new: /new " },
                { "a password",
                  "set superusers=root\nset grub_users=root\n" BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\ngrub_users $grub_users\n" },
                  "/boot/loader/entries/a-1.conf line 1: the entry asks for a password before it "
                  "starts" },
                { "superusers, but grub_users not set",
                  "set superusers=root\n" BLS_HEAD,
                  { .entries = "a-1.conf\nlinux /k\ngrub_users $grub_users\n" },
                  "0 a-1/k: /k " },
                { "blsdir", "set blsdir=/dark/entries\n" BLS_HEAD, { 0 }, "line 7: I/O error" },
                { "with an argument",
                  "set timeout=1\nblscfg default\n",
                  { 0 },
                  "line 2: \"blscfg\" with an argument is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe_bls(rows[i].text, rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_bls_places(void **state _unused_)
{
        struct files files = { .entries = "a-1.conf\n# made by hand\ntitle One\noptions ro\n"
                                          "initrd /i\nlinux /k\n" };
        cleanup_bootentry struct bootentry boot = { 0 };
        struct err err = { 0 };

        assert_int_equal(evaluate(BLS_HEAD, &files, true, &boot, &err), 0);
        assert_string_equal(boot.place.file, "/boot/loader/entries/a-1.conf");
        assert_string_equal(boot.place.text, "title One");
        assert_int_equal(boot.place.line, 2);
        assert_string_equal(boot.kernel.place.text, "linux /k");
        assert_int_equal(boot.kernel.place.line, 5);
        assert_string_equal(boot.initrds[0].place.text, "initrd /i");
        assert_int_equal(boot.initrds[0].place.line, 4);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_bls),        cmocka_unit_test(test_bls_places),
                cmocka_unit_test(test_choice),     cmocka_unit_test(test_entry),
                cmocka_unit_test(test_configfile), cmocka_unit_test(test_unknown),
                cmocka_unit_test(test_places),     cmocka_unit_test(test_red_hat),
                cmocka_unit_test(test_caps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
