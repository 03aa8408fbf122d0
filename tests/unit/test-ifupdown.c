#include "unit.h"

#include <errno.h>

#include "parse/ifupdown.h"

static const char *const kinds[] = {
        [IFUPDOWN_AUTO] = "auto",     [IFUPDOWN_HOTPLUG] = "hotplug",
        [IFUPDOWN_IFACE] = "iface",   [IFUPDOWN_MAPPING] = "mapping",
        [IFUPDOWN_RENAME] = "rename", [IFUPDOWN_SOURCE] = "source",
        [IFUPDOWN_OTHER] = "other",   [IFUPDOWN_SOURCE_DIRECTORY] = "directory",
};

/* "line:kind word... method<inherits {option;option;}", stanzas split by " / ". */
static char *describe(struct span text)
{
        cleanup_ifupdown struct ifupdown config = { 0 };
        struct buf b = { 0 };
        struct err err = { 0 };

        if (ifupdown_parse(text, &config, &err) < 0) {
                buf_puts(&b, err.text);
                return buf_take(&b);
        }
        for (size_t i = 0; i < config.n; i++) {
                const struct ifupdown_stanza *s = &config.v[i];

                buf_printf(&b, "%s%zu:%s", i ? " / " : "", s->line, kinds[s->kind]);
                for (size_t w = 0; w < s->words.n; w++)
                        buf_printf(&b, " %s", s->words.v[w]);
                if (s->method)
                        buf_printf(&b, " %s", s->method);
                if (s->inherits)
                        buf_printf(&b, " <%s", s->inherits);
                for (size_t o = 0; o < s->options.n; o++)
                        buf_printf(&b, " {%s}", s->options.v[o]);
        }
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *stanzas;
        } rows[] = {
                { "empty", "", "" },
                { "debian default",
                  "# x\nsource /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n",
                  "2:source /etc/network/interfaces.d/* / 4:auto lo / 5:iface lo loopback" },
                { "options",
                  "auto eth0\niface eth0 inet static\n\taddress 10.0.0.2/24 \n gateway 10.0.0.1\n",
                  "1:auto eth0 / 2:iface eth0 static {address 10.0.0.2/24} {gateway 10.0.0.1}" },
                { "several names", "allow-hotplug eth0 eth1\nallow-auto a\n",
                  "1:hotplug eth0 eth1 / 2:auto a" },
                { "other classes", "allow-ovs br0\nno-auto-down eth0\nno-scripts lo\n",
                  "1:other br0 / 2:other eth0 / 3:other lo" },
                { "continuation", "auto eth0 \\\n  eth1\nauto eth2\n",
                  "1:auto eth0 eth1 / 3:auto eth2" },
                { "comments are not continued", "# a \\\nauto eth0\n", "2:auto eth0" },
                { "continued at the end of the file", "auto eth0\\", "1:auto eth0" },
                { "backslash alone", "\\\nauto eth0\n", "1:auto eth0" },
                { "crlf and no final newline", "auto eth0\r\niface eth0 inet dhcp\r\n\r\nauto x",
                  "1:auto eth0 / 2:iface eth0 dhcp / 4:auto x" },
                { "hash within a line", "auto eth0 # x\n", "1:auto eth0 # x" },
                { "inherits", "iface a inet dhcp inherits b\niface c inherits a\n",
                  "1:iface a dhcp <b / 2:iface c <a" },
                { "family, then inherits", "iface a inet inherits b\n", "1:iface a <b" },
                { "mapping", "mapping eth*\n script /x\n map a\n",
                  "1:mapping eth* {script /x} {map a}" },
                { "rename, directory", "rename mac/00=lan\nsource-directory d\nsource-dir e\n",
                  "1:rename mac/00=lan / 2:directory d / 3:directory e" },
                { "misplaced option", "auto eth0\naddress 1\n",
                  "line 2: \"address\" outside of a stanza" },
                { "option before all", "dhcp eth0\n", "line 1: \"dhcp\" outside of a stanza" },
                { "option without value", "iface a inet dhcp\n up\n",
                  "line 2: option \"up\" without a value" },
                { "option of a mapping", "mapping a\n up x\n", "line 2: \"up\" in a mapping" },
                { "iface alone", "iface\n", "line 1: iface without a name and a method" },
                { "iface without method", "iface eth0 inet\n",
                  "line 1: iface with an unknown family or method" },
                { "iface of a wrong family", "iface eth0 ip dhcp\n",
                  "line 1: iface with an unknown family or method" },
                { "words after all", "iface eth0 inet dhcp x\n",
                  "line 1: iface with an unknown family or method" },
                { "empty class", "allow- eth0\n", "line 1: \"allow-\" outside of a stanza" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *stanzas = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(stanzas, rows[i].stanzas);
        }
}

static void test_limits(void **state _unused_)
{
        cleanup_free char *nul = describe(SPAN("auto a\nauto b\0\n"));
        cleanup_buf struct buf many = { 0 }, large = { 0 };
        cleanup_free char *too_many = NULL, *too_large = NULL;

        assert_string_equal(nul, "line 2: a NUL byte");
        for (size_t i = 0; i <= IFUPDOWN_STANZAS_MAX; i++)
                buf_puts(&many, "auto\n");
        too_many = describe(buf_span(&many));
        assert_string_equal(too_many, "line 4097: more than 4096 stanzas");
        while (large.len <= IFUPDOWN_MAX)
                buf_puts(&large, "# comment\n");
        too_large = describe(buf_span(&large));
        assert_string_equal(too_large, "longer than 262144 bytes");
}

static void test_match(void **state _unused_)
{
        static const struct {
                const char *word, *name;
                int match;
                const char *logical;
        } rows[] = {
                { "eth0", "eth0", 1, "eth0" },
                { "eth0", "eth00", 0, NULL },
                { "eth0=lan", "eth0", 1, "lan" },
                { "eth*", "eth0", 0, NULL },
                { "/eth*", "eth0", 1, "eth0" },
                { "/eth*", "ens5", 0, NULL },
                { "/en*=any", "ens5", 1, "any" },
                { "/e[nt]*/", "ens5", 1, "ens5" },
                { "/eth*/=foo", "eth0", 1, "foo" },
                { "/eth*/1", "eth0", 1, "eth0" },
                { "/eth*/2", "eth0", -ENOTSUP, NULL },
                { "/eth*/2", "ens5", 0, NULL },
                { "mac/01:23:45:67:89:ad/=foo", "eth0", -ENOTSUP, NULL },
                { "type/1/1=bar", "eth0", -ENOTSUP, NULL },
                { "/dev/eth0", "eth0", 0, NULL },
                { "", "eth0", 0, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *logical = NULL;

                print_message("# %s for %s\n", rows[i].word, rows[i].name);
                assert_int_equal(ifupdown_match(rows[i].word, rows[i].name, &logical),
                                 rows[i].match);
                assert_string_equal(logical ? logical : "-",
                                    rows[i].logical ? rows[i].logical : "-");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_match),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
