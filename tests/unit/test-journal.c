#include "unit-txn.h"

#include "base/str.h"
#include "fixes/journal.h"

/* One of everything, written as a run does. */
static void write_usual(int dir_fd, struct journal *j)
{
        struct journal_file *f = ARRAY_PUSH(&j->files, &j->n_files, &j->files_cap);
        struct journal_op *op = ARRAY_PUSH(&j->ops, &j->n_ops, &j->ops_cap);
        struct attrs_xattr *x;

        f->path = xstrdup("/etc/f\tstab \xc3\xa9");
        f->existed = true;
        digest_of(SPAN("old"), &f->before);
        f->size = 3;
        f->attrs = (struct attrs){ .mode = 04640,
                                   .uid = 4294967294u,
                                   .gid = 7,
                                   .atime = { -1, 5 },
                                   .mtime = { 1700000000, 999999999 } };
        x = ARRAY_PUSH(&f->attrs.xattrs, &f->attrs.n, &f->attrs.cap);
        x->name = xstrdup("security.selinux");
        x->value = (struct blob){ xmemdup0("a\0\xff", 3), 3 };
        op->kind = TXN_WRITE;
        op->fix = xstrdup("some-fix");
        strv_push(&op->rules, "some-rule");
        op->files = xcalloc(1, sizeof(*op->files));
        op->after = xcalloc(1, sizeof(*op->after));
        op->n = 1;
        op->after[0].exists = true;
        digest_of(SPAN("new"), &op->after[0].digest);

        f = ARRAY_PUSH(&j->files, &j->n_files, &j->files_cap);
        f->path = xstrdup("/boot/new/initrd");
        strv_push(&f->made, "/boot/new");
        op = ARRAY_PUSH(&j->ops, &j->n_ops, &j->ops_cap);
        op->kind = TXN_RUN;
        strv_push(&op->argv, "/bin/tool");
        op->files = xcalloc(2, sizeof(*op->files));
        op->after = xcalloc(2, sizeof(*op->after));
        op->n = 2;
        op->files[1] = 1;
        op->after[1].exists = true;
        digest_of(SPAN("made"), &op->after[1].digest);

        assert_int_equal(journal_create(j, dir_fd, NULL), 0);
        assert_int_equal(journal_prepared(j, NULL), 0);
        for (size_t i = 0; i < 2; i++) {
                assert_int_equal(journal_intent(j, i, NULL), 0);
                assert_int_equal(journal_op_done(j, i, NULL), 0);
        }
        assert_int_equal(journal_state(j, TXN_COMMITTED, NULL, NULL), 0);
        assert_int_equal(journal_state(j, TXN_APPLYING, "why \xff", NULL), 0);
        assert_int_equal(journal_state(j, TXN_ROLLED_BACK, NULL, NULL), 0);
}

static int root_fd(void)
{
        return open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void assert_same(const struct journal *a, const struct journal *b)
{
        assert_string_equal(a->version, b->version);
        assert_int_equal(a->started, b->started);
        assert_int_equal(a->n_files, b->n_files);
        assert_int_equal(a->n_ops, b->n_ops);
        for (size_t i = 0; i < a->n_files; i++) {
                const struct journal_file *x = &a->files[i], *y = &b->files[i];

                assert_string_equal(x->path, y->path);
                assert_int_equal(x->existed, y->existed);
                assert_true(digest_eq(&x->before, &y->before));
                assert_int_equal(x->size, y->size);
                assert_true(attrs_eq(&x->attrs, &y->attrs));
                assert_int_equal(x->attrs.atime.tv_sec, y->attrs.atime.tv_sec);
                assert_int_equal(x->made.n, y->made.n);
                for (size_t k = 0; k < x->made.n; k++)
                        assert_string_equal(x->made.v[k], y->made.v[k]);
        }
        for (size_t i = 0; i < a->n_ops; i++) {
                const struct journal_op *x = &a->ops[i], *y = &b->ops[i];

                assert_int_equal(x->kind, y->kind);
                assert_true(streq(x->fix, y->fix));
                assert_int_equal(x->rules.n, y->rules.n);
                assert_int_equal(x->argv.n, y->argv.n);
                assert_int_equal(x->n, y->n);
                for (size_t k = 0; k < x->n; k++) {
                        assert_int_equal(x->files[k], y->files[k]);
                        assert_int_equal(x->after[k].exists, y->after[k].exists);
                        assert_true(digest_eq(&x->after[k].digest, &y->after[k].digest));
                }
                assert_true(y->intent && y->done);
        }
}

static void test_round_trip(void **state _unused_)
{
        cleanup_journal struct journal j = JOURNAL_NONE, read = JOURNAL_NONE;
        cleanup_fd int fd = root_fd();
        struct err err = { 0 };

        write_usual(fd, &j);
        assert_int_equal(journal_load(fd, false, &read, &err), 0);
        assert_same(&j, &read);
        assert_int_equal(read.state, TXN_ROLLED_BACK);
        assert_true(read.ended_once);
        assert_string_equal(read.why, "why \\xff");
}

/* Cut off anywhere, it is what it was one record before: never an error, never more. */
static void test_torn(void **state _unused_)
{
        cleanup_journal struct journal j = JOURNAL_NONE;
        cleanup_blob struct blob text = { 0 };
        cleanup_fd int fd = root_fd(), file = -EBADF;
        enum txn_state last = TXN_NEW;

        write_usual(fd, &j);
        file = openat(fd, JOURNAL_NAME, O_RDONLY | O_CLOEXEC);
        assert_int_equal(fd_read_all(file, JOURNAL_MAX, &text), 0);
        for (size_t n = 0; n <= text.len; n++) {
                cleanup_journal struct journal read = JOURNAL_NONE;
                size_t good = 0, want = n;

                assert_int_equal(journal_parse((struct span){ text.data, n }, &read, &good, NULL),
                                 0);
                while (want && text.data[want - 1] != '\n')
                        want--;
                assert_int_equal(good, want);
                assert_true(read.state >= last || read.state == TXN_APPLYING);
                last = read.state;
        }
        assert_int_equal(last, TXN_ROLLED_BACK);
}

/* A torn end is cut off before anything is added. */
static void test_mended(void **state _unused_)
{
        static const char *const ends[] = { "0123456789abcdef {\"type\":", "\0\0\0\0\0\0",
                                            "x\ny\n" };
        static const size_t lens[] = { 25, 6, 4 };

        for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
                cleanup_journal struct journal j = JOURNAL_NONE, read = JOURNAL_NONE,
                                               again = JOURNAL_NONE;
                cleanup_fd int fd = root_fd(), file = -EBADF;

                assert_int_equal(journal_create(&j, fd, NULL), 0);
                assert_int_equal(journal_prepared(&j, NULL), 0);
                file = openat(fd, JOURNAL_NAME, O_WRONLY | O_APPEND | O_CLOEXEC);
                assert_int_equal(fd_write_all(file, ends[i], lens[i]), 0);
                assert_int_equal(journal_load(fd, true, &read, NULL), 0);
                assert_int_equal(read.state, TXN_PREPARED);
                assert_int_equal(journal_state(&read, TXN_ROLLED_BACK, NULL, NULL), 0);
                assert_int_equal(journal_load(fd, false, &again, NULL), 0);
                assert_int_equal(again.state, TXN_ROLLED_BACK);
                unlinkat(fd, JOURNAL_NAME, 0);
        }
}

static void test_damaged(void **state _unused_)
{
        cleanup_journal struct journal j = JOURNAL_NONE, read = JOURNAL_NONE;
        cleanup_blob struct blob text = { 0 };
        cleanup_fd int fd = root_fd(), file = -EBADF;
        struct err err = { 0 };
        size_t good;

        write_usual(fd, &j);
        file = openat(fd, JOURNAL_NAME, O_RDONLY | O_CLOEXEC);
        assert_int_equal(fd_read_all(file, JOURNAL_MAX, &text), 0);
        strstr(text.data, "stab")[0] ^= 1;
        assert_int_equal(journal_parse(blob_span(&text), &read, &good, &err), -EINVAL);
        assert_string_equal(err.text, "the journal is damaged in line 2");
}

#define RUN      "{\"type\":\"run\",\"version\":\"1\",\"started\":1}"
#define FILE_NEW "{\"type\":\"file\",\"path\":\"/a\",\"existed\":false,\"made\":[]}"
#define OP \
        "{\"type\":\"op\",\"kind\":\"write\",\"files\":[0],\"rules\":[],\"fix\":null,\"after\":[null]}"
#define PREPARED "{\"type\":\"prepared\"}"

static const struct {
        const char *name, *lines; /* each record with a newline */
        size_t wrong;             /* the line, or 0 */
} nonsense[] = {
        { "sound", RUN "\n" FILE_NEW "\n" OP "\n" PREPARED "\n", 0 },
        { "does not begin with run", FILE_NEW "\n", 1 },
        { "two begins", RUN "\n" RUN "\n", 2 },
        { "an array", "[]\n", 1 },
        { "no JSON", "{\n", 1 },
        { "unknown type", RUN "\n{\"type\":\"x\"}\n", 2 },
        { "a path upwards",
          RUN "\n{\"type\":\"file\",\"path\":\"/../x\",\"existed\":false,\"made\":[]}\n", 2 },
        { "a directory upwards",
          RUN "\n{\"type\":\"file\",\"path\":\"/x\",\"existed\":false,\"made\":[\"/..\"]}\n", 2 },
        { "no digest",
          RUN "\n{\"type\":\"file\",\"path\":\"/x\",\"existed\":true,\"made\":[],\"size\":1}\n",
          2 },
        { "a file that is not there", RUN "\n" OP "\n", 2 },
        { "a file after prepared", RUN "\n" PREPARED "\n" FILE_NEW "\n", 3 },
        { "intent before prepared", RUN "\n" FILE_NEW "\n" OP "\n{\"type\":\"intent\",\"op\":0}\n",
          4 },
        { "intent of nothing", RUN "\n" PREPARED "\n{\"type\":\"intent\",\"op\":0}\n", 3 },
        { "done without intent",
          RUN "\n" FILE_NEW "\n" OP "\n" PREPARED "\n{\"type\":\"done\",\"op\":0}\n", 5 },
        { "negative", RUN "\n" FILE_NEW "\n" OP "\n" PREPARED "\n{\"type\":\"intent\",\"op\":-1}\n",
          5 },
        { "committed at once", RUN "\n{\"type\":\"committed\"}\n", 2 },
        { "alive after its end",
          RUN "\n" PREPARED "\n{\"type\":\"rolled-back\"}\n{\"type\":\"undo\"}\n", 4 },
};

static void test_nonsense(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(nonsense); i++) {
                cleanup_journal struct journal read = JOURNAL_NONE;
                cleanup_free char *want =
                        xasprintf("the journal's line %zu makes no sense", nonsense[i].wrong);
                cleanup_buf struct buf text = { 0 };
                struct err err = { 0 };
                const char *at = nonsense[i].lines;
                size_t good;

                print_message("# %s\n", nonsense[i].name);
                for (; *at; at += strcspn(at, "\n") + 1) {
                        struct span json = { at, strcspn(at, "\n") };
                        char hex[DIGEST_HEX_LEN + 1];
                        struct digest d;

                        digest_of(json, &d);
                        digest_to_hex(&d, hex);
                        buf_printf(&text, "%.16s %.*s\n", hex, (int)json.len, json.data);
                }
                assert_int_equal(journal_parse(buf_span(&text), &read, &good, &err),
                                 nonsense[i].wrong ? -EINVAL : 0);
                if (nonsense[i].wrong)
                        assert_string_equal(err.text, want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_round_trip, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_torn, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_mended, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_damaged, txn_setup, txn_teardown),
                cmocka_unit_test(test_nonsense),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
