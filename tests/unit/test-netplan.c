#include "unit.h"

#include <errno.h>

#include "parse/netplan.h"

/* "id@file:line [name=.. mac=.. driver=..] set=.. nd|nm 4 6 a held", "; " between them. */
static char *describe(const struct netplan *p)
{
        static const char *const renderers[] = { "", " networkd", " NetworkManager", " other" };
        struct buf b = { 0 };

        buf_puts(&b, "");
        if (p->renderer)
                buf_printf(&b, "all%s; ", renderers[p->renderer]);
        for (size_t i = 0; i < p->n; i++) {
                const struct netplan_def *d = &p->v[i];

                buf_printf(&b, "%s%s@%zu:%zu", i ? "; " : "", d->id, d->file, d->line);
                if (d->has_match)
                        buf_printf(&b, " [%s,%s,%s]", d->match_name ? d->match_name : "",
                                   d->match_mac ? d->match_mac : "",
                                   d->match_driver ? d->match_driver : "");
                if (d->set_name)
                        buf_printf(&b, " set=%s", d->set_name);
                buf_printf(&b, "%s%s%s%s%s", renderers[d->renderer], d->dhcp4 ? " 4" : "",
                           d->dhcp6 ? " 6" : "", d->addresses ? " a" : "", d->held ? " held" : "");
        }
        if (p->compound)
                buf_printf(&b, "; %s@%zu:%zu out of others", p->compound, p->compound_file,
                           p->compound_line);
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *first, *second; /* files; the second may be NULL */
                const char *plan;                  /* or the error */
        } rows[] = {
                { "empty", "", NULL, "" },
                { "comments", "# x\n---\n", NULL, "" },
                { "of something else", "a: b\n", NULL, "" },
                { "nothing below", "network:\n  ethernets:\n", NULL, "" },
                { "name", "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n", NULL,
                  "eth0@0:3 4" },
                { "no settings", "network: {ethernets: {eth0: }}\n", NULL, "eth0@0:1" },
                { "match",
                  "network:\n ethernets:\n  a:\n   match: {name: en*, macaddress: '0a:00', "
                  "driver: ena}\n   set-name: lan0\n   dhcp6: yes\n",
                  NULL, "a@0:3 [en*,0a:00,ena] set=lan0 6" },
                { "empty match", "network: {ethernets: {a: {match: {}}}}\n", NULL, "a@0:1 [,,]" },
                { "drivers", "network: {ethernets: {a: {match: {driver: [ena, vif*]}}}}\n", NULL,
                  "a@0:1 [,,ena vif*]" },
                { "addresses", "network: {ethernets: {a: {addresses: [1/2]}, b: {addresses: []}}}",
                  NULL, "a@0:1 a; b@0:1" },
                { "renderers",
                  "network:\n renderer: NetworkManager\n ethernets:\n  renderer: networkd\n"
                  "  a: {}\n  b: {renderer: sriov}\n",
                  NULL, "all NetworkManager; a@0:5 networkd; b@0:6 other" },
                { "held", "network: {ethernets: {a: {activation-mode: off}}}", NULL, "a@0:1 held" },
                { "anchors, as cloud-init writes them",
                  "network:\n  ethernets:\n    a:\n      dhcp4-overrides: &id1 {x: 1}\n"
                  "      dhcp6-overrides: *id1\n      dhcp4: 'true'\n",
                  NULL, "a@0:3 4" },
                { "out of others", "network:\n bonds:\n  b0: {interfaces: [a]}\n  b1: {}\n", NULL,
                  "; b0@0:3 out of others" },
                { "second file overrides",
                  "network: {renderer: networkd, ethernets: {a: {dhcp4: true, match: {name: x}}}}",
                  "network: {renderer: NetworkManager, ethernets: {b: {}, a: {dhcp4: no, match: "
                  "{macaddress: m}}}}",
                  "all NetworkManager; a@0:1 [x,m,]; b@1:1" },
                { "tab", "network:\n\tethernets:\n", NULL,
                  "line 2: no YAML: found character that cannot start any token" },
                { "no mapping", "network: [a]\n", NULL, "line 1: a mapping is expected here" },
                { "no boolean", "network:\n ethernets:\n  a:\n   dhcp4: maybe\n", NULL,
                  "line 4: true or false is expected here" },
                { "no text", "network: {ethernets: {a: {match: {name: [x]}}}}", NULL,
                  "line 1: a text is expected here" },
                { "no key", "network: {[a]: b}", NULL, "line 1: a key that is no text" },
                { "in itself", "network: &n\n  ethernets: *n\n", NULL, "ethernets@0:2" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_netplan struct netplan plan = { 0 };
                cleanup_free char *text = NULL;
                struct err err = { 0 };
                int r = netplan_parse(span_of(rows[i].first), 0, &plan, &err);

                print_message("# %s\n", rows[i].name);
                if (r == 0 && rows[i].second)
                        r = netplan_parse(span_of(rows[i].second), 1, &plan, &err);
                text = r < 0 ? xstrdup(err.text) : describe(&plan);
                assert_string_equal(text, rows[i].plan);
        }
}

static void test_limits(void **state _unused_)
{
        cleanup_netplan struct netplan plan = { 0 };
        cleanup_buf struct buf text = { 0 };
        struct err err = { 0 };

        buf_puts(&text, "network: {ethernets: {");
        for (int i = 0; i <= NETPLAN_DEFS_MAX; i++)
                buf_printf(&text, "e%d: {}, ", i);
        buf_puts(&text, "}}");
        assert_int_equal(netplan_parse(buf_span(&text), 0, &plan, &err), -E2BIG);
        assert_int_equal(plan.n, NETPLAN_DEFS_MAX);
        while (text.len <= NETPLAN_MAX)
                buf_puts(&text, "# long\n");
        assert_int_equal(netplan_parse(buf_span(&text), 0, &plan, &err), -E2BIG);
        assert_string_equal(err.text, "longer than 262144 bytes");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_limits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
