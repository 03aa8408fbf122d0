#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/fstab.h"

static const char *text_or_dash(const struct fstab_field *f)
{
        return f->value ? f->value : "-";
}

/* "line source target type options freq passno[ fault][ cr][ repeated]", entries split by " / ". */
static char *describe(struct span text)
{
        cleanup_fstab struct fstab t = { 0 };
        struct buf b = { 0 };
        struct err err = { 0 };

        if (fstab_parse(text, &t, &err) < 0) {
                buf_puts(&b, err.text);
                return buf_take(&b);
        }
        for (size_t i = 0; i < t.n; i++) {
                const struct fstab_entry *e = &t.v[i];
                const char *fault = fstab_fault_text(e->fault);

                buf_printf(&b, "%s%zu [%s] [%s] [%s] [%s] %d %d", i ? " / " : "", e->line,
                           text_or_dash(&e->source), text_or_dash(&e->target),
                           text_or_dash(&e->type), text_or_dash(&e->options), e->freq, e->passno);
                if (fault)
                        buf_printf(&b, " (%s)", fault);
                if (e->cr_in_last_field)
                        buf_puts(&b, " cr");
                if (e->is_repeated)
                        buf_puts(&b, " repeated");
        }
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *entries;
        } rows[] = {
                { "empty", "", "" },
                { "six fields", "UUID=1 / ext4 errors=remount-ro 0 1\n",
                  "1 [UUID=1] [/] [ext4] [errors=remount-ro] 0 1" },
                { "five fields", "/dev/xvdf /d xfs defaults 1\n",
                  "1 [/dev/xvdf] [/d] [xfs] [defaults] 1 0" },
                { "four fields", "/dev/xvdf /d xfs defaults\n",
                  "1 [/dev/xvdf] [/d] [xfs] [defaults] 0 0" },
                { "three fields", "/dev/xvdf /d xfs\n", "1 [/dev/xvdf] [/d] [xfs] [-] 0 0" },
                { "two fields", "/dev/xvdf /d\n",
                  "1 [/dev/xvdf] [/d] [-] [-] 0 0 (it has fewer than three fields)" },
                { "one field", "/dev/xvdf\n",
                  "1 [/dev/xvdf] [-] [-] [-] 0 0 (it has fewer than three fields)" },
                { "seven fields", "a b c d 1 2 junk\n", "1 [a] [b] [c] [d] 1 2" },
                { "no final newline", "a b c d 0 2", "1 [a] [b] [c] [d] 0 2" },
                { "leading blanks", " \t a b c d 0 0\n", "1 [a] [b] [c] [d] 0 0" },
                { "trailing blanks", "a b c d 0 0 \t \n", "1 [a] [b] [c] [d] 0 0" },
                { "tabs between", "a\t\tb \t c\td\t0\t1\n", "1 [a] [b] [c] [d] 0 1" },
                { "blank lines and comments", "\n \t\n# /dev/sda1\n\t# x\na b c\n",
                  "5 [a] [b] [c] [-] 0 0" },
                { "hash within a field", "a#b /x#y c d,#e\n", "1 [a#b] [/x#y] [c] [d,#e] 0 0" },
                { "comment after four fields", "a b c defaults # disk\n",
                  "1 [a] [b] [c] [defaults] 0 0 (field 5 or 6 is not a number)" },
                { "number with a tail", "a b c d 1x 2\n",
                  "1 [a] [b] [c] [d] 1 0 (field 5 or 6 is not a number)" },
                { "signs", "a b c d -1 +2\n", "1 [a] [b] [c] [d] -1 2" },
                { "number too large", "a b c d 99999999999 1\n",
                  "1 [a] [b] [c] [d] 0 0 (field 5 or 6 is not a number)" },
                { "octal escapes", "a /my\\040disk\\011x c d\\134e\n",
                  "1 [a] [/my disk\tx] [c] [d\\e] 0 0" },
                { "no escape", "a /x\\04 c\\ d\\999\n", "1 [a] [/x\\04] [c\\] [d\\999] 0 0" },
                { "quoted tag", "LABEL=\"a\\040b\" /x ext4\n",
                  "1 [LABEL=\"a b\"] [/x] [ext4] [-] 0 0" },
                { "crlf", "a b c d 0 2\r\n\r\n#\r\ne f g\r\n",
                  "1 [a] [b] [c] [d] 0 2 / 4 [e] [f] [g] [-] 0 0 cr" },
                { "crlf, options last", "a b c nofail\r\n", "1 [a] [b] [c] [nofail] 0 0 cr" },
                { "cr at the end of the file", "a b c d\r", "1 [a] [b] [c] [d] 0 0 cr" },
                { "same mount point", "a /d c\na //d/ c\na /dd c\na /d autofs\n",
                  "1 [a] [/d] [c] [-] 0 0 / 2 [a] [//d/] [c] [-] 0 0 repeated / "
                  "3 [a] [/dd] [c] [-] 0 0 / 4 [a] [/d] [autofs] [-] 0 0" },
                { "same swap device", "a none swap\nb none swap\na swap swap\na /a c\n",
                  "1 [a] [none] [swap] [-] 0 0 / 2 [b] [none] [swap] [-] 0 0 / "
                  "3 [a] [swap] [swap] [-] 0 0 repeated / 4 [a] [/a] [c] [-] 0 0" },
                { "installer comment",
                  "# / was on /dev/sda1 during installation\nUUID=1 / ext4 defaults 0 1\n",
                  "2 [UUID=1] [/] [ext4] [defaults] 0 1" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *entries = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(entries, rows[i].entries);
        }
}

static void test_refuses(void **state _unused_)
{
        cleanup_free char *nul = describe(SPAN("a b c\nd e\0f g\n"));
        cleanup_buf struct buf many = { 0 }, longer = { 0 };
        cleanup_free char *too_many = NULL, *too_long = NULL;

        assert_string_equal(nul, "line 2 holds a NUL byte");
        for (size_t i = 0; i <= FSTAB_ENTRIES_MAX; i++)
                buf_puts(&many, "a\n");
        too_many = describe(buf_span(&many));
        assert_string_equal(too_many, "line 4097: more than 4096 entries");
        buf_puts(&longer, "a b c ");
        while (longer.len <= FSTAB_LINE_MAX)
                buf_puts(&longer, "x");
        too_long = describe(buf_span(&longer));
        assert_true(str_endswith(too_long, "0 0 (it is longer than 4095 bytes)"));
}

/* Fields know where they stand: text before, raw, text after make up the line. */
static void test_spans(void **state _unused_)
{
        static const char text[] = "#x\n\t/dev/xvdf1  /my\\040disk\text4\tdefaults 0 2\r\n";
        cleanup_fstab struct fstab t = { 0 };
        struct err err = { 0 };

        assert_int_equal(fstab_parse(span_of(text), &t, &err), 0);
        assert_int_equal(t.n, 1);
        assert_ptr_equal(t.v[0].source.raw.data, text + 4);
        assert_int_equal(t.v[0].source.raw.len, strlen("/dev/xvdf1"));
        assert_ptr_equal(t.v[0].target.raw.data, text + 16);
        assert_int_equal(t.v[0].target.raw.len, strlen("/my\\040disk"));
        assert_true(span_eq(t.v[0].text, "\t/dev/xvdf1  /my\\040disk\text4\tdefaults 0 2"));
}

static void test_options(void **state _unused_)
{
        static const struct {
                const char *name, *options, *list;
        } rows[] = {
                { "empty", "", "" },
                { "plain", "defaults,nofail", "<defaults> <nofail> " },
                { "values", "device=/dev/xvdg,uid=0,x=", "<device=/dev/xvdg> <uid=0> <x=> " },
                { "stray commas", ",a,,b,", "<a> <b> " },
                { "quotes", "context=\"s0:c1,c2\",nofail", "<context=\"s0:c1,c2\"> <nofail> " },
                { "escaped comma", "a=b\\,c,d", "<a=b\\,c> <d> " },
                { "two equal signs", "a=b=c", "<a=b=c> " },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf b = { 0 };
                struct span rest = span_of(rows[i].options);
                struct fstab_option o;

                print_message("# %s\n", rows[i].name);
                while (fstab_option_next(&rest, &o)) {
                        buf_puts(&b, "<");
                        buf_append(&b, o.name.data, o.name.len);
                        if (o.value.data)
                                buf_puts(&b, "=");
                        buf_append(&b, o.value.data ? o.value.data : "", o.value.len);
                        buf_puts(&b, "> ");
                }
                assert_string_equal(b.data ? b.data : "", rows[i].list);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_refuses),
                cmocka_unit_test(test_spans),
                cmocka_unit_test(test_options),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
