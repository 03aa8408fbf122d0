#include "unit-probe.h"

#include "probe/netuse.h"

extern const struct probe probe_netuse;

#define WANTS "etc/systemd/system/multi-user.target.wants/"

/* ---- firewalls ---- */

static int eth_is_gone(void *data, struct span name)
{
        (void)data;
        if (span_eq(name, "strange"))
                return -1;
        return memcmp(name.data, "eth", 3) != 0;
}

static void test_locks_out(void **state _unused_)
{
        static const struct {
                const char *name, *rules;
                bool want;
        } rows[] = {
                { "SSH by a card that is gone",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n"
                  "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n"
                  "-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n",
                  true },
                { "and by another that stays",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT\n"
                  "-A INPUT -i ens5 -p tcp --dport 22 -j ACCEPT\n",
                  false },
                { "and by any",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -j ACCEPT\n"
                  "-A INPUT -s 10.0.0.0/8 -p tcp --dport 20:25 -j ACCEPT\n",
                  false },
                { "nothing is refused",
                  "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT\n",
                  false },
                { "refused at the end",
                  "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p icmp -j ACCEPT\n"
                  "-A INPUT -i eth0 -p tcp -m multiport --dports 80,22 -j ACCEPT\n"
                  "-A INPUT -j REJECT --reject-with icmp-host-prohibited\n"
                  "-A INPUT -p tcp --dport 22 -j ACCEPT\n",
                  true },
                { "another chain may let it in",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT\n"
                  "-A INPUT -j fail2ban\n",
                  false },
                { "another chain is for the card that is gone",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT\n"
                  "-A INPUT -i eth1 -j inside\n-A INPUT -j LOG\n",
                  true },
                { "another port",
                  "*filter\n:INPUT DROP [0:0]\n"
                  "-A INPUT -i eth0 -p tcp --dport 2222 -j ACCEPT\n",
                  false },
                { "all but a card",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT\n"
                  "-A INPUT ! -i eth1 -j ACCEPT\n",
                  false },
                { "another table", "*nat\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -j ACCEPT\n", false },
                { "a name nobody knows",
                  "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -j ACCEPT\n"
                  "-A INPUT -i strange -j ACCEPT\n",
                  false },
                { "not to its end", "*filter\n:INPUT DROP\n-A INPUT -i eth0 -j\n-A INPUT -i\n",
                  false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].name);
                assert_int_equal(
                        netuse_locks_out(span_of(rows[i].rules), "INPUT", false, eth_is_gone, NULL),
                        rows[i].want);
        }
        assert_true(
                netuse_locks_out(SPAN("-A ufw-user-input -i eth0 -p tcp --dport 22 -j ACCEPT\n"),
                                 "ufw-user-input", true, eth_is_gone, NULL));
}

/* ---- files ---- */

struct file {
        const char *path, *text;
};

static void know_naming(struct facts *f, const char *kind, const char *name)
{
        facts_set_array(f, "/network/configured");
        if (kind) {
                facts_set_str(f, kind, "/network/naming");
                facts_set_str(f, name, "/network/nitro_name");
        } else {
                facts_unknown(f, "/network/nitro_name", "/etc/x", "it is not understood");
        }
        facts_set_str(f, streq(kind, "given") ? "a rule names it by its MAC address" : "x",
                      "/network/naming_text");
}

/* "what name line stays[ read][ locks-out]; ..." of one list. */
static char *describe(const struct facts *f, const char *list)
{
        struct buf b = { 0 };
        const char *file, *why = facts_why_incomplete(f, list, &file);

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *what = unit_fact(f, "%s/%zu/what", list, i);
                cleanup_free char *name = unit_fact(f, "%s/%zu/name", list, i);
                cleanup_free char *line = unit_fact(f, "%s/%zu/line", list, i);
                cleanup_free char *stays = unit_fact(f, "%s/%zu/stays", list, i);
                cleanup_free char *read = unit_fact(f, "%s/%zu/read", list, i);
                cleanup_free char *out = unit_fact(f, "%s/%zu/locks_out", list, i);

                buf_printf(&b, "%s%s %s %s %s%s%s", i ? "; " : "", what, name, line, stays,
                           streq(read, "true") ? " read" : "",
                           streq(out, "true") ? " locks-out" : "");
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

static struct facts *look(const struct file *files, const char *kind, const char *name)
{
        struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        know_naming(f, kind, name);
        for (size_t i = 0; i < 3 && files[i].path; i++)
                unit_write_text(dir, files[i].path, files[i].text);
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_netuse, NULL });
        unit_remove_tree(dir);
        return f;
}

static void test_mentions(void **state _unused_)
{
        static const struct {
                const char *name, *kind, *first;
                struct file files[3];
                const char *want;
        } rows[] = {
                { "nothing", "predictable", "ens5", { { "etc/x", "" } }, "" },
                { "sysctl, each name once",
                  "predictable",
                  "ens5",
                  { { "etc/sysctl.conf", "net.ipv4.conf.eth0.rp_filter=0\n#net.ipv4.conf.eth1.x=1\n"
                                         "net.ipv4.conf.eth0.forwarding=1\n"
                                         "net.ipv4.conf.ens5.forwarding=1\n" } },
                  "sysctl eth0 1 false read; sysctl ens5 4 true read" },
                { "eth0 stays",
                  "kernel",
                  "eth0",
                  { { "etc/sysctl.d/a.conf", "net.ipv4.conf.eth0.rp_filter=0\n" } },
                  "sysctl eth0 1 true read" },
                { "ens3 does not",
                  "kernel",
                  "eth0",
                  { { "etc/sysctl.d/a.conf", "net.ipv4.conf.ens3.rp_filter=0\n" } },
                  "sysctl ens3 1 false read" },
                { "by MAC address all stay",
                  "given",
                  "lan0",
                  { { "etc/sysctl.d/a.conf", "net.ipv4.conf.eth1.rp_filter=0\n" } },
                  "sysctl eth1 1 true read" },
                { "the name is not known",
                  NULL,
                  NULL,
                  { { "etc/sysctl.d/a.conf", "net.ipv4.conf.eth1.rp_filter=0\n" } },
                  "sysctl eth1 1 ? it is not understood read" },
                { "a firewall that nothing starts",
                  "predictable",
                  "ens5",
                  { { "etc/sysconfig/iptables",
                      "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -j ACCEPT\n" } },
                  "iptables eth0 3 false" },
                { "one that is started",
                  "predictable",
                  "ens5",
                  { { WANTS "iptables.service", "" },
                    { "etc/sysconfig/iptables",
                      "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -j ACCEPT\n" } },
                  "iptables eth0 3 false read locks-out" },
                { "ufw, turned off",
                  "predictable",
                  "ens5",
                  { { WANTS "ufw.service", "" },
                    { "etc/ufw/ufw.conf", "ENABLED=no\n" },
                    { "etc/ufw/user.rules",
                      "-A ufw-user-input -i eth0 -p tcp --dport 22 -j ACCEPT\n" } },
                  "ufw eth0 1 false" },
                { "ufw",
                  "predictable",
                  "ens5",
                  { { WANTS "ufw.service", "" },
                    { "etc/ufw/ufw.conf", "ENABLED=yes\n" },
                    { "etc/ufw/user.rules",
                      "### tuple ### allow tcp 22 in_eth0\n"
                      "-A ufw-user-input -i eth0 -p tcp --dport 22 -j ACCEPT\n" } },
                  "ufw eth0 2 false read locks-out" },
                { "what ifupdown brings up is no mention",
                  "predictable",
                  "ens5",
                  { { "etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"
                                                "  post-up ip route add 10.0.0.0/8 dev eth0\n" } },
                  "ifupdown eth0 3 false read" },
                { "inside of a container",
                  "predictable",
                  "ens5",
                  { { "etc/cni/net.d/10-x.conf",
                      "{ \"ifName\": \"eth0\",\n\"master\": \"eth1\" }\n" } },
                  "cni eth1 2 false read" },
                { "a pattern",
                  "predictable",
                  "ens5",
                  { { "etc/rc.local", "iptables -A INPUT -i eth+ -j ACCEPT\n"
                                      "iptables -A INPUT -i ens+ -j ACCEPT\n" } },
                  "script eth+ 1 false read; script ens+ 2 true read" },
                { "a directory where a list of files is",
                  "predictable",
                  "ens5",
                  { { "etc/sysctl.d", "" } },
                  "? /etc/sysctl.d: a file, not a directory; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = look(rows[i].files, rows[i].kind, rows[i].first);
                cleanup_free char *got = describe(f, "/netuse/mentions");

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_others(void **state _unused_)
{
        static const struct file files[3] = {
                { "etc/dhcp/dhclient.conf", "timeout 300;\ninterface \"eth0\" {\n}\n# eth1\n" },
                { "etc/rc.local", "ethtool -K eth0 tso off sg off\nethtool -G eth0 rx 1024\n" },
                { "etc/network/interfaces", "iface eth0 inet dhcp\n  offload-tso off\n" },
        };
        cleanup_facts struct facts *f = look(files, "predictable", "ens5");
        cleanup_free char *dns = describe(f, "/netuse/dns");

        assert_string_equal(dns, "dhclient eth0 2 false read");
        assert_fact(f, "/netuse/offload/0/line", "2");
        assert_fact(f, "/netuse/offload/0/file", "\"/etc/network/interfaces\"");
        assert_fact(f, "/netuse/offload/1/line", "1");
        assert_int_equal(facts_count(f, "/netuse/offload"), 2);
}

/* The second card and the next; not one that a pattern brings up. */
static void test_cards(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        static const char *const names[] = { "eth0", "eth1", "eth*", "eth1", "ens6" };
        char *dir = unit_temp_dir();

        know_naming(f, "predictable", "ens5");
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                facts_set_str(f, names[i], "/network/configured/%zu/name", i);
                facts_set_str(f, "ifupdown", "/network/configured/%zu/by", i);
        }
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_netuse, NULL });
        unit_remove_tree(dir);
        assert_int_equal(facts_count(f, "/netuse/cards"), 2);
        assert_fact(f, "/netuse/cards/0/name", "\"eth1\"");
        assert_fact(f, "/netuse/cards/0/stays", "false");
        assert_fact(f, "/netuse/cards/1/name", "\"ens6\"");
        assert_fact(f, "/netuse/cards/1/stays", "true");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_locks_out),
                cmocka_unit_test(test_mentions),
                cmocka_unit_test(test_others),
                cmocka_unit_test(test_cards),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
