#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "fixes/plan.h"
#include "fixes/rewrite.h"

static char *dir;
static struct volume *volume;
static struct plan *plan;

static const char *const rule_a[] = { "a", NULL }, *const rule_b[] = { "b", "a", NULL };
static const struct plan_reason why_a = { "fix-a", rule_a, PLAN_SOURCES };
static const struct plan_reason why_b = { "fix-b", rule_b, PLAN_LOADER };

static int setup(void **state _unused_)
{
        cleanup_free char *link = NULL;

        dir = unit_temp_dir();
        unit_write_text(dir, "etc/fstab", "one\ntwo\n");
        unit_write_text(dir, "boot/image", "image");
        unit_write_text(dir, "bin/tool", "#!");
        link = xasprintf("%s/link", dir);
        assert_int_equal(symlink("etc", link), 0);
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &volume, NULL), 0);
        plan = plan_new(volume);
        return 0;
}

static int teardown(void **state _unused_)
{
        plan_free(plan);
        volume_free(volume);
        unit_remove_tree(dir);
        return 0;
}

static void assert_read(const char *path, const char *want)
{
        struct span text = { 0 };
        struct err err = { 0 };

        assert_int_equal(plan_read(plan, path, 100, &text, &err), want != NULL);
        assert_string_equal(err.text, "");
        if (want)
                assert_true(span_eq(text, want));
}

static void assert_on(const struct volume *v, const char *path, const char *want)
{
        cleanup_blob struct blob text = { 0 };

        assert_int_equal(volume_read(v, path, 100, &text, NULL), want != NULL);
        if (want)
                assert_string_equal(text.data, want);
}

static void assert_digest(const struct plan_op *op, const char *want)
{
        struct digest digest;

        digest_of(span_of(want), &digest);
        assert_true(digest_eq(&op->digest, &digest));
        assert_int_equal(op->size, strlen(want));
}

static void test_compose(void **state _unused_)
{
        const struct plan_op *op;

        assert_read("/link/fstab", "one\ntwo\n");
        assert_int_equal(plan_count(plan), 0);
        assert_int_equal(plan_write(plan, &why_a, "/link/fstab", SPAN("ONE\ntwo\n"), NULL), 0);
        assert_read("/etc/fstab", "ONE\ntwo\n");
        assert_int_equal(plan_write(plan, &why_b, "/etc//fstab", SPAN("ONE\nTWO\n"), NULL), 0);
        assert_read("/etc/fstab", "ONE\nTWO\n");
        assert_on(plan_volume(plan), "/link/../etc/fstab", "ONE\nTWO\n");
        assert_on(volume, "/etc/fstab", "one\ntwo\n");

        assert_int_equal(plan_count(plan), 1);
        op = plan_get(plan, 0);
        assert_string_equal(op->path, "/etc/fstab");
        assert_true(span_eq(blob_span(&op->before), "one\ntwo\n"));
        assert_true(span_eq(blob_span(&op->after), "ONE\nTWO\n"));
        assert_digest(op, "one\ntwo\n");
        assert_int_equal(op->fixes.n, 2);
        assert_int_equal(op->rules.n, 2);
        assert_int_equal(op->phase, PLAN_LOADER);
}

static void test_back_to_what_it_was(void **state _unused_)
{
        assert_read("/etc/fstab", "one\ntwo\n");
        assert_int_equal(plan_write(plan, &why_a, "/etc/fstab", SPAN("one\ntwo\n"), NULL), 0);
        assert_int_equal(plan_count(plan), 0);
        assert_int_equal(plan_write(plan, &why_a, "/etc/fstab", SPAN("x"), NULL), 0);
        assert_int_equal(plan_count(plan), 1);
        assert_int_equal(plan_write(plan, &why_a, "/etc/fstab", SPAN("one\ntwo\n"), NULL), 0);
        assert_int_equal(plan_count(plan), 0);
}

static void test_create(void **state _unused_)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };
        struct stat st;

        assert_read("/etc/new.conf", NULL);
        assert_int_equal(plan_create(plan, &why_a, "/link/new.conf", 0644, SPAN("x\n"), &err), 0);
        assert_read("/etc/new.conf", "x\n");
        assert_on(plan_volume(plan), "/link/new.conf", "x\n");
        assert_on(volume, "/etc/new.conf", NULL);
        assert_int_equal(volume_stat(plan_volume(plan), "/etc/new.conf", &st, NULL), 1);
        assert_int_equal(st.st_mode, S_IFREG | 0644);
        assert_int_equal(st.st_size, 2);
        assert_int_equal(volume_list(plan_volume(plan), "/link", &names, NULL), 1);
        assert_int_equal(names.n, 2);
        assert_string_equal(names.v[1], "new.conf");

        assert_int_equal(plan_write(plan, &why_b, "/etc/new.conf", SPAN("y\n"), &err), 0);
        assert_read("/etc/new.conf", "y\n");
        assert_int_equal(plan_create(plan, &why_a, "/etc/new.conf", 0644, SPAN(""), &err), -EEXIST);
        assert_int_equal(plan_create(plan, &why_a, "/etc/fstab", 0644, SPAN(""), &err), -EEXIST);
        assert_int_equal(plan_create(plan, &why_a, "/no/dir", 0644, SPAN(""), &err), -ENOENT);
        assert_string_equal(err.text, "/no/dir: the directory is not there");
        assert_int_equal(plan_count(plan), 1);
        assert_false(plan_get(plan, 0)->existed);
}

static void test_append(void **state _unused_)
{
        struct err err = { 0 };
        struct span text;
        struct stat st;

        assert_int_equal(plan_append(plan, &why_a, "/boot/image", 4, SPAN("+"), &err), -ESTALE);
        assert_int_equal(plan_append(plan, &why_a, "/boot/image", 5, SPAN("+1"), &err), 0);
        assert_int_equal(plan_append(plan, &why_b, "/boot/image", 5, SPAN("+2"), &err), 0);
        assert_on(plan_volume(plan), "/boot/image", "image+1+2");
        assert_int_equal(volume_stat(plan_volume(plan), "/boot/image", &st, NULL), 1);
        assert_int_equal(st.st_size, 9);
        assert_int_equal(plan_count(plan), 1);
        assert_int_equal(plan_get(plan, 0)->kind, PLAN_APPEND);
        assert_digest(plan_get(plan, 0), "image");
        assert_true(span_eq(blob_span(&plan_get(plan, 0)->after), "+1+2"));

        err.text[0] = '\0';
        assert_int_equal(plan_read(plan, "/boot/image", 100, &text, &err), -EBUSY);
        assert_string_equal(err.text, "/boot/image: bytes are to be put behind it");
        assert_int_equal(plan_append(plan, &why_a, "/boot/none", 0, SPAN("+"), &err), -ENOENT);
        assert_read("/etc/fstab", "one\ntwo\n");
        assert_int_equal(plan_append(plan, &why_a, "/etc/fstab", 8, SPAN("+"), &err), -EBUSY);
}

static void test_run(void **state _unused_)
{
        static const char *const argv[] = { "/bin/tool", "-u", NULL }, *const outputs[] = {
                "/boot/image", "/link/made", NULL
        };
        cleanup_free char *tool = xasprintf("%s/bin/tool", dir);
        struct err err = { 0 };
        struct span text;

        assert_int_equal(plan_run(plan, &why_a, argv, outputs, 60, &err), -ENOENT);
        assert_string_equal(err.text, "/bin/tool: there is no such program");
        assert_int_equal(chmod(tool, 0755), 0);
        assert_int_equal(plan_run(plan, &why_b, argv, outputs, 60, &err), 0);
        assert_int_equal(plan_run(plan, &why_a, argv, outputs, 60, &err), 0);
        assert_read("/etc/fstab", "one\ntwo\n");
        assert_int_equal(plan_write(plan, &why_a, "/etc/fstab", SPAN("x"), &err), 0);

        assert_int_equal(plan_count(plan), 2);
        assert_int_equal(plan_get(plan, 0)->kind, PLAN_WRITE);
        assert_int_equal(plan_get(plan, 1)->kind, PLAN_RUN);
        assert_int_equal(plan_get(plan, 1)->fixes.n, 2);
        assert_string_equal(plan_get(plan, 1)->outputs.v[1], "/etc/made");
        assert_int_equal(plan_read(plan, "/etc/made", 100, &text, &err), 0);
        assert_int_equal(plan_append(plan, &why_a, "/boot/image", 5, SPAN("+"), &err), -EBUSY);
        assert_string_equal(err.text,
                            "/boot/image: it is written by /bin/tool, which is planned, too");
}

static void test_refused(void **state _unused_)
{
        cleanup_free char *from = xasprintf("%s/etc/fstab", dir), *to = xasprintf("%s/hard", dir);
        struct err err = { 0 };
        struct span text;

        assert_int_equal(plan_read(plan, "/etc/fstab", 3, &text, &err), -EFBIG);
        assert_int_equal(plan_read(plan, "/etc", 100, &text, &err), -EISDIR);
        assert_int_equal(plan_write(plan, &why_a, "/etc/fstab", SPAN("x"), &err), -EINVAL);
        assert_string_equal(err.text, "/etc/fstab: it was not read, so nothing can be written");
        assert_int_equal(link(from, to), 0);
        assert_int_equal(plan_read(plan, "/etc/fstab", 100, &text, &err), -EMLINK);
        assert_string_equal(err.text, "/etc/fstab: it has a second name (a hard link), which would "
                                      "keep the old bytes; not edited");
        assert_int_equal(plan_count(plan), 0);
}

static void test_rewrite(void **state _unused_)
{
        cleanup_rewrite struct rewrite w = rewrite_of(SPAN("a bb c"));
        cleanup_blob struct blob out = { 0 };
        const char *text = w.rest.data;

        rewrite_replace(&w, (struct span){ text, 0 }, SPAN("<"));
        rewrite_replace(&w, (struct span){ text + 2, 2 }, SPAN("BBB"));
        rewrite_replace(&w, (struct span){ text + 6, 0 }, SPAN(">"));
        rewrite_finish(&w, &out);
        assert_string_equal(out.data, "<a BBB c>");
        assert_int_equal(out.len, 9);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_compose, setup, teardown),
                cmocka_unit_test_setup_teardown(test_back_to_what_it_was, setup, teardown),
                cmocka_unit_test_setup_teardown(test_create, setup, teardown),
                cmocka_unit_test_setup_teardown(test_append, setup, teardown),
                cmocka_unit_test_setup_teardown(test_run, setup, teardown),
                cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
                cmocka_unit_test(test_rewrite),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
