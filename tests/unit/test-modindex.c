#include "unit-index.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fdio.h"
#include "parse/modindex.h"

#define CORPUS "tests/fuzz/corpus/modindex/"

static void load(const char *name, struct blob *ret)
{
        cleanup_free char *path = xasprintf(CORPUS "%s", name);
        cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

        assert_int_equal(fd_read_all(fd, MODINDEX_FILE_MAX, ret), 0);
}

static char *join(struct strv *l)
{
        struct buf b = { 0 };

        strv_sort(l);
        for (size_t i = 0; i < l->n; i++)
                buf_printf(&b, "%s%s", i ? " " : "", l->v[i]);
        return buf_take(&b);
}

/* Files written by depmod 30. */
static void test_depmod(void **state _unused_)
{
        static const struct {
                const char *file, *key, *find, *match;
        } rows[] = {
                { "depmod-dep", "nvme",
                  "kernel/drivers/nvme/host/nvme.ko: kernel/drivers/nvme/host/nvme-core.ko",
                  "kernel/drivers/nvme/host/nvme.ko: kernel/drivers/nvme/host/nvme-core.ko" },
                { "depmod-dep", "nvme_core", "kernel/drivers/nvme/host/nvme-core.ko:",
                  "kernel/drivers/nvme/host/nvme-core.ko:" },
                { "depmod-dep", "nvme_", NULL, "" },
                { "depmod-dep", "nvme_core2", NULL, "" },
                { "depmod-dep", "", NULL, "" },
                { "depmod-alias", "pci:v00001D0Fd00008061sv00001D0Fsd00000000bc01sc08i02", NULL,
                  "nvme" },
                { "depmod-alias", "pci:v00001D0Fd0000EC20sv00001D0Fsd0000EC20bc02sc00i00", NULL,
                  "ena" },
                { "depmod-alias", "pci:v00001D0Fd00001EC2sv00001D0Fsd0000EC20bc02sc00i00", NULL,
                  "ena" },
                { "depmod-alias", "pci:v00001D0Fd00002EC2sv00001D0Fsd0000EC20bc02sc00i00", NULL,
                  "" },
                { "depmod-alias", "nvmf_transport_1", "nvme_tcp", "nvme_tcp" },
                { "depmod-alias", "nvmf_transport_12", NULL, "" },
                { "depmod-builtin", "xen_blkfront", "", "" },
                { "depmod-builtin", "xen", NULL, "" },
                { "depmod-empty", "xen_blkfront", NULL, "" },
                { "depmod-empty", "", NULL, "" },
                { "depmod-builtin.alias", "ext3", "ext4", "ext4" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_blob struct blob blob = { 0 };
                cleanup_strv struct strv found = { 0 };
                cleanup_free char *joined = NULL;
                struct err err = { 0 };
                struct modindex x;
                struct span value;
                int r;

                print_message("# %s %s\n", rows[i].file, rows[i].key);
                load(rows[i].file, &blob);
                assert_int_equal(modindex_open(blob_span(&blob), &x, &err), 0);
                r = modindex_find(&x, rows[i].key, &value);
                assert_int_equal(r, rows[i].find != NULL);
                if (r)
                        assert_true(span_eq(value, rows[i].find));
                modindex_match(&x, rows[i].key, &found);
                joined = join(&found);
                assert_string_equal(joined, rows[i].match);
        }
}

static void test_match(void **state _unused_)
{
        static const char lines[] = "a*c one\n"
                                    "a?c two\n"
                                    "a[b-d]c three\n"
                                    "abc four\n"
                                    "abc five\n"
                                    "abcd six\n"
                                    "* all\n"
                                    "xyz one\n"
                                    "x* one\n";
        static const struct {
                const char *name, *want;
        } rows[] = {
                { "abc", "all five four one three two" },
                { "aec", "all one two" },
                { "ac", "all one" },
                { "abcd", "all six" },
                { "xyz", "all one" },
                { "a*c", "all one two" },
                { "", "all" },
        };
        cleanup_buf struct buf b = { 0 };
        struct err err = { 0 };
        struct modindex x;

        unit_index_make(&b, lines);
        assert_int_equal(modindex_open(buf_span(&b), &x, &err), 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_strv struct strv found = { 0 };
                cleanup_free char *joined = NULL;

                print_message("# %s\n", rows[i].name);
                modindex_match(&x, rows[i].name, &found);
                joined = join(&found);
                assert_string_equal(joined, rows[i].want);
        }
}

static void test_refuses(void **state _unused_)
{
        static const struct {
                const char *file, *error;
        } rows[] = {
                { "circle", "the module index is damaged" },
                { "shared-nodes", "the module index is damaged" },
                { "beyond-the-end", "the module index is damaged" },
                { "many-values", "the module index is damaged" },
                { "prefix-without-end", "the module index is damaged" },
                { "not-ascii", "the module index is damaged" },
                { "crash-nul-in-key", "the module index is damaged" },
                { "old-version", "a module index of version 1, not 2" },
                { "../cpio/small-root", "this is no module index" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                struct modindex x;

                print_message("# %s\n", rows[i].file);
                load(rows[i].file, &blob);
                assert_int_equal(modindex_open(blob_span(&blob), &x, &err), -EBADMSG);
                assert_string_equal(err.text, rows[i].error);
        }
}

/* depmod writes a node behind its children, so every cut takes the root. */
static void test_cut_anywhere(void **state _unused_)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct modindex x;

        load("depmod-alias", &blob);
        for (size_t n = 0; n < blob.len; n++)
                assert_int_equal(modindex_open((struct span){ blob.data, n }, &x, &err), -EBADMSG);
}

static void test_key_length(void **state _unused_)
{
        static const struct {
                size_t len;
                int code;
        } rows[] = { { MODINDEX_KEY_MAX, 0 }, { MODINDEX_KEY_MAX + 1, -EBADMSG } };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *key = xcalloc(1, rows[i].len + 3);
                cleanup_buf struct buf b = { 0 };
                cleanup_strv struct strv found = { 0 };
                struct err err = { 0 };
                struct modindex x;

                memset(key, 'k', rows[i].len);
                memcpy(key + rows[i].len, " v", 2);
                unit_index_make(&b, key);
                assert_int_equal(modindex_open(buf_span(&b), &x, &err), rows[i].code);
                if (rows[i].code < 0)
                        continue;
                key[rows[i].len] = '\0';
                modindex_match(&x, key, &found);
                assert_int_equal(found.n, 1);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_depmod),     cmocka_unit_test(test_match),
                cmocka_unit_test(test_refuses),    cmocka_unit_test(test_cut_anywhere),
                cmocka_unit_test(test_key_length),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
