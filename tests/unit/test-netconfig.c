#include "unit.h"

#include "base/xalloc.h"
#include "probe/netconfig.h"

/* Every word is looked for among all stanzas, so there may not be any number of them. */
static void test_words(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t n;
                const char *want; /* NULL: understood */
        } rows[] = {
                { "as many as there may be", NETCONFIG_WORDS_MAX, NULL },
                { "one more", NETCONFIG_WORDS_MAX + 1,
                  "it names more than 5000 interfaces and files" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_netconfig struct netconfig c = { 0 };
                cleanup_volume struct volume *v = NULL;
                cleanup_buf struct buf text = { 0 };

                print_message("# %s\n", rows[i].name);
                /* Two stanzas of one word, and one of the rest. */
                buf_puts(&text, "source more\nauto x\nauto");
                for (size_t n = 5; n < rows[i].n; n++)
                        buf_puts(&text, " x");
                unit_write_text(dir, "etc/network/interfaces", text.data);
                unit_write_text(dir, "etc/network/more", "");
                assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, NULL), 0);
                netconfig_load(v, "/etc/network/interfaces", &c);
                assert_int_equal(c.words, rows[i].n);
                assert_string_equal(c.broken.text ? c.broken.text : "",
                                    rows[i].want ? rows[i].want : "");
                assert_int_equal(c.n, rows[i].want ? 1 : 2);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_words) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
