/* Indexes that parse/modindex.h reads back, and libkmod, too. */
#include "unit.h"

#include <errno.h>

#include <libkmod.h>

#include "parse/modindexwrite.h"

struct row {
        const char *name, *entries, *want;
};

static void add_text(struct modindex_entries *l, const char *text)
{
        cleanup_free char *copy = xstrdup(text);
        char *at = copy, *line;

        while ((line = strsep(&at, "\n"))) {
                const char *priority = strsep(&line, " "), *key = strsep(&line, " ");
                struct err err = { 0 };

                if (*priority)
                        assert_int_equal(modindex_add(l, key, line, (uint32_t)atoi(priority), &err),
                                         0);
        }
}

static int print_one(void *out, const char *key, const char *value, uint32_t priority)
{
        buf_printf(out, "%u %s %s\n", priority, key, value);
        return 0;
}

static const struct row rows[] = {
        { "nothing", "", "" },
        { "one", "3 nvme kernel/nvme.ko:", "3 nvme kernel/nvme.ko:\n" },
        { "the empty key", "0  nothing\n1 a b", "0  nothing\n1 a b\n" },
        { "sorted, with common beginnings",
          "1 nvme_core c\n2 nvme n\n3 nv x\n4 zebra z\n5 nvme_tcp t\n",
          "3 nv x\n2 nvme n\n1 nvme_core c\n5 nvme_tcp t\n4 zebra z\n" },
        { "values by priority, each once", "9 a last\n1 a first\n9 a last\n5 a between\n",
          "1 a first\n5 a between\n9 a last\n" },
        { "patterns", "0 pci:v*d*sv*sd*bc01sc08i02* nvme\n1 pci:v00001D0Fd0000EC20* ena\n",
          "0 pci:v*d*sv*sd*bc01sc08i02* nvme\n1 pci:v00001D0Fd0000EC20* ena\n" },
};

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_modindex_entries struct modindex_entries l = { 0 }, again = { 0 };
                cleanup_buf struct buf index = { 0 }, text = { 0 }, twice = { 0 };
                struct err err = { 0 };
                struct modindex x;

                print_message("# %s\n", rows[i].name);
                add_text(&l, rows[i].entries);
                modindex_write(&l, &index);
                assert_int_equal(modindex_open(buf_span(&index), &x, &err), 0);
                assert_int_equal(modindex_each(&x, print_one, &text), 0);
                assert_string_equal(text.data ? text.data : "", rows[i].want);
                assert_int_equal(modindex_read(&x, &again, &err), 0);
                modindex_write(&again, &twice);
                assert_int_equal(twice.len, index.len);
                assert_memory_equal(twice.data, index.data, index.len);
        }
}

static void test_remove(void **state _unused_)
{
        cleanup_modindex_entries struct modindex_entries l = { 0 };

        add_text(&l, "0 a 1\n1 b 2\n2 a 3\n3 ab 4\n");
        modindex_remove(&l, "a");
        assert_int_equal(l.n, 2);
        assert_string_equal(l.v[0].key, "b");
        assert_string_equal(l.v[1].key, "ab");
}

static void test_refused_keys(void **state _unused_)
{
        cleanup_modindex_entries struct modindex_entries l = { 0 };
        cleanup_free char *longest = xcalloc(1, MODINDEX_KEY_MAX + 2);
        struct err err = { 0 };

        memset(longest, 'x', MODINDEX_KEY_MAX);
        assert_int_equal(modindex_add(&l, longest, "", 0, &err), 0);
        memset(longest, 'x', MODINDEX_KEY_MAX + 1);
        assert_int_equal(modindex_add(&l, longest, "", 0, &err), -EINVAL);
        assert_int_equal(modindex_add(&l, "caf\xc3\xa9", "", 0, &err), -EINVAL);
}

static void drop_log(void *data _unused_, int priority _unused_, const char *file _unused_,
                     int line _unused_, const char *fn _unused_, const char *format _unused_,
                     va_list args _unused_)
{
}

static char *ask_libkmod(const char *dir, const char *alias)
{
        static const char *const no_config[] = { NULL };
        struct kmod_ctx *kmod = kmod_new(dir, no_config);
        struct kmod_list *list = NULL, *l;
        struct buf b = { 0 };

        assert_non_null(kmod);
        kmod_set_log_fn(kmod, drop_log, NULL);
        assert_int_equal(kmod_module_new_from_lookup(kmod, alias, &list), 0);
        kmod_list_foreach(l, list)
        {
                struct kmod_module *m = kmod_module_get_module(l);

                buf_printf(&b, "%s ", kmod_module_get_name(m));
                kmod_module_unref(m);
        }
        kmod_module_unref_list(list);
        kmod_unref(kmod);
        return buf_take(&b);
}

static void test_libkmod(void **state _unused_)
{
        cleanup_modindex_entries struct modindex_entries alias = { 0 }, dep = { 0 };
        cleanup_buf struct buf a = { 0 }, d = { 0 };
        cleanup_free char *nvme = NULL, *ena = NULL, *nobody = NULL;
        char *dir = unit_temp_dir();

        add_text(&alias, rows[5].entries);
        add_text(&dep, "0 nvme kernel/nvme.ko:\n1 ena kernel/ena.ko:\n");
        modindex_write(&alias, &a);
        modindex_write(&dep, &d);
        unit_write(dir, "modules.alias.bin", a.data, a.len);
        unit_write(dir, "modules.dep.bin", d.data, d.len);
        nvme = ask_libkmod(dir, "pci:v00001D0Fd00008061sv00001D0Fsd00008061bc01sc08i02");
        ena = ask_libkmod(dir, "pci:v00001D0Fd0000EC20sv00000000sd00000000bc02sc00i00");
        nobody = ask_libkmod(dir, "pci:v00001D0Fd0000EC21sv00000000sd00000000bc02sc00i00");
        assert_string_equal(nvme, "nvme ");
        assert_string_equal(ena, "ena ");
        assert_string_equal(nobody, "");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_remove),
                cmocka_unit_test(test_refused_keys),
                cmocka_unit_test(test_libkmod),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
