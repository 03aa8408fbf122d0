#include "unit.h"

#include <errno.h>

#include "facts.h"
#include "base/str.h"

static void test_four_states(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        struct json_object *node;

        facts_set_str(f, "UUID", "/fstab/entries/%d/kind", 0);
        facts_set_null(f, "/boot/resume");
        assert_int_equal(facts_get(f, "/fstab/entries/0/kind", &node), 1);
        assert_int_equal(facts_get(f, "/boot/resume", &node), 0);
        assert_int_equal(facts_get(f, "/boot/root", &node), -ENOENT);
        assert_int_equal(facts_get(f, "/fstab/entries/1", &node), -ENOENT);
        assert_int_equal(facts_get(f, "/boot/resume/value", &node), -ENOENT);
        assert_string_equal(facts_str(f, "/fstab/entries/0/kind"), "UUID");
        assert_int_equal(facts_count(f, "/fstab/entries"), 1);
}

static void test_set_array(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();

        facts_set_array(f, "/a/list");
        assert_int_equal(facts_count(f, "/a/list"), 0);
        facts_set_int(f, 7, "/a/list/0");
        facts_set_array(f, "/a/list");
        assert_int_equal(facts_count(f, "/a/list"), 1);
}

static void test_nearest_reason(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        const char *file;

        facts_unknown(f, "/boot", NULL, "no boot loader found");
        facts_unknown(f, "/boot/entry", "/boot/grub/grub.cfg", "line %d is odd", 3);
        facts_unknown(f, "/boot/entry", NULL, "second thoughts");
        assert_string_equal(facts_why_unknown(f, "/boot/entry/kernel", &file), "line 3 is odd");
        assert_string_equal(file, "/boot/grub/grub.cfg");
        assert_string_equal(facts_why_unknown(f, "/boot/x", &file), "no boot loader found");
        assert_null(file);
        assert_null(facts_why_unknown(f, "/bootleg", &file));
}

static void test_dump_and_load(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new(), *again = NULL;
        cleanup_buf struct buf text = { 0 }, second = { 0 };
        struct err err = { 0 };

        facts_set_span(f, (struct span){ "a\0\xff\xc3\xa9", 5 }, "/text");
        facts_set_evidence(f, "/fstab/entries/0", "/etc/fstab", 3, SPAN("x y"));
        facts_problem(f, NULL, "odd");
        facts_unknown(f, "/x", NULL, "why");
        facts_dump(f, &text);
        assert_int_equal(facts_load(buf_span(&text), &again, &err), 0);
        facts_dump(again, &second);
        assert_string_equal(second.data, text.data);
        assert_string_equal(facts_str(again, "/text"), "a\\x00\\xff\xc3\xa9");
}

static void test_forget(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        struct json_object *node;
        const char *file;

        facts_set_str(f, "m5.large", "/target/type");
        facts_unknown(f, "/target/lost_flags", NULL, "why");
        facts_unknown(f, "/targets", NULL, "other");
        facts_forget(f, "/target");
        assert_int_equal(facts_get(f, "/target", &node), -ENOENT);
        assert_null(facts_why_unknown(f, "/target/lost_flags", &file));
        assert_string_equal(facts_why_unknown(f, "/targets", &file), "other");
}

static void test_load_refuses(void **state _unused_)
{
        static const struct {
                const char *name, *text, *error;
        } rows[] = {
                { "not json", "{", "line 1: the JSON text ends too early" },
                { "trailing", "{}\n x", "line 2: text after the JSON value" },
                { "no schema", "{}",
                  "this is not a facts file: \"schema\" is missing, not xen2nitro/facts/1" },
                { "a list", "[]",
                  "this is not a facts file: \"schema\" is missing, not xen2nitro/facts/1" },
                { "not UTF-8", "{\n\"a\":\"\xff\"}", "line 2: not UTF-8" },
                { "no facts", "{\"schema\":\"xen2nitro/facts/1\"}",
                  "\"facts\" is missing or not an object" },
                { "bad note",
                  "{\"schema\":\"xen2nitro/facts/1\",\"facts\":{},\"unknown\":[{\"path\":1}],\"problems\":[]}",
                  "\"unknown\": entry 0 has no string \"path\"" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct facts *f = NULL;
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_true(facts_load(span_of(rows[i].text), &f, &err) < 0);
                assert_string_equal(err.text, rows[i].error);
                assert_null(f);
        }
}

static void test_copy(void **state _unused_)
{
        cleanup_facts struct facts *from = facts_new(), *to = facts_new();
        static const struct {
                const char *path, *why;
        } rows[] = {
                { "/copy/list", "there may be more" },
                { "/copy/list/0/size", "too large" },
                { "/copy/b", "unreadable" },
                { "/copy/d", "nobody looked" },
                { "/copy/none", NULL },
        };
        struct json_object *node;
        const char *file;

        facts_set_str(from, "x", "/a/list/0/name");
        facts_set_int(from, 7, "/a/list/0/line");
        facts_set_null(from, "/a/none");
        facts_unknown(from, "/a/list", "/file", "there may be more");
        facts_unknown(from, "/a/list/0/size", NULL, "too large");
        facts_unknown(from, "/abc", NULL, "of something else");
        facts_unknown(from, "/b", "/file", "unreadable");
        facts_copy(to, "/copy/list", from, "/a/list");
        facts_copy(to, "/copy/none", from, "/a/none");
        facts_copy(to, "/copy/b", from, "/b/c");
        facts_copy(to, "/copy/d", from, "/d");
        /* The two are independent. */
        facts_set_str(to, "y", "/copy/list/0/name");
        assert_string_equal(facts_str(from, "/a/list/0/name"), "x");
        assert_string_equal(facts_str(to, "/copy/list/0/name"), "y");
        assert_int_equal(facts_int(to, "/copy/list/0/line", 0), 7);
        assert_int_equal(facts_get(to, "/copy/none", &node), 0);
        assert_int_equal(facts_get(to, "/copy/b", &node), -ENOENT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                assert_true(streq(facts_why_incomplete(to, rows[i].path, &file), rows[i].why));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_four_states),    cmocka_unit_test(test_set_array),
                cmocka_unit_test(test_nearest_reason), cmocka_unit_test(test_dump_and_load),
                cmocka_unit_test(test_forget),         cmocka_unit_test(test_load_refuses),
                cmocka_unit_test(test_copy),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
