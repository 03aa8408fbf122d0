#include "unit-probe.h"

extern const struct probe probe_netown;

#define MAC  "0A:1b:2c:3d:4e:5f"
#define LAST "usr/lib/python3/dist-packages/cloudinit/net/netplan.py"

/* "role mac line[ xen][ rewritten]; ... | address line; ...", and "? why" of what is not known. */
static char *describe(const struct facts *f)
{
        static const char *const lists[] = { "/netown/macs", "/netown/addresses" };
        struct buf b = { 0 };

        for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
                const char *file, *why = facts_why_incomplete(f, lists[l], &file);

                buf_puts(&b, l ? " | " : "");
                for (size_t i = 0; i < facts_count(f, lists[l]); i++) {
                        cleanup_free char *role = unit_fact(f, "%s/%zu/role", lists[l], i);
                        cleanup_free char *what =
                                unit_fact(f, "%s/%zu/%s", lists[l], i, l ? "address" : "mac");
                        cleanup_free char *line = unit_fact(f, "%s/%zu/line", lists[l], i);
                        cleanup_free char *xen = unit_fact(f, "%s/%zu/xen_only", lists[l], i);
                        cleanup_free char *anew = unit_fact(f, "%s/%zu/rewritten", lists[l], i);

                        buf_printf(&b, "%s%s%s%s %s%s%s", i ? "; " : "", l ? "" : role,
                                   l ? "" : " ", what, line, streq(xen, "true") ? " xen" : "",
                                   streq(anew, "null") ? "" : " anew");
                }
                if (why)
                        buf_printf(&b, "? %s", why);
        }
        return buf_take(&b);
}

static void test_lines(void **state _unused_)
{
        static const struct {
                const char *name, *path, *text, *want;
        } rows[] = {
                { "nothing", "etc/x", "", " | " },
                { "a rule", "etc/udev/rules.d/70-persistent-net.rules",
                  "# PCI\nSUBSYSTEM==\"net\", ATTR{address}==\"" MAC "\", NAME=\"eth0\"\n",
                  "names 0a:1b:2c:3d:4e:5f 2 | " },
                { "a rule for Xen", "etc/udev/rules.d/70-persistent-net.rules",
                  "SUBSYSTEM==\"net\", DRIVERS==\"vif\", NAME=\"eth0\"\n"
                  "SUBSYSTEM==\"net\", KERNELS==\"vif-0\", ATTR{address}==\"" MAC
                  "\", NAME=\"eth0\"\n",
                  "names null 1 xen; names 0a:1b:2c:3d:4e:5f 2 xen | " },
                { "a rule that names nothing", "etc/udev/rules.d/60-x.rules",
                  "SUBSYSTEM==\"net\", ATTR{address}==\"" MAC "\", RUN+=\"/bin/x\"\n", " | " },
                { "a file that is no rules file", "etc/udev/rules.d/70-persistent-net.rules.old",
                  "ATTR{address}==\"" MAC "\", NAME=\"eth0\"\n", " | " },
                { "ifcfg", "etc/sysconfig/network-scripts/ifcfg-eth0",
                  "DEVICE=eth0\nHWADDR=" MAC "\n#HWADDR=" MAC "\nIPADDR=10.0.0.5\n"
                  "GATEWAY=10.0.0.1\n",
                  "matches 0a:1b:2c:3d:4e:5f 2 | 10.0.0.5 4" },
                { "ifcfg that sets it", "etc/sysconfig/network/ifcfg-eth0",
                  "LLADDR='" MAC "'\nIPADDR='192.168.1.10/24'\n",
                  "sets 0a:1b:2c:3d:4e:5f 1 | 192.168.1.10 2" },
                { "the loopback, and a copy", "etc/sysconfig/network-scripts/ifcfg-lo",
                  "IPADDR=10.0.0.5\n", " | " },
                { "netplan", "etc/netplan/01.yaml",
                  "network:\n  ethernets:\n    eth0:\n      match:\n        macaddress: \"" MAC
                  "\"\n      macaddress: 02:00:00:00:00:01\n      addresses:\n"
                  "        - 10.1.2.3/24\n      nameservers:\n        addresses:\n"
                  "        - 10.0.0.2\n      addresses: [10.4.4.4/24]\n      routes:\n"
                  "        - to: 10.0.0.0/8\n          via: 10.1.2.1\n",
                  "matches 0a:1b:2c:3d:4e:5f 5; sets 02:00:00:00:00:01 6 | 10.1.2.3 8; 10.4.4.4 12" },
                { "a name server", "etc/netplan/01.yaml",
                  "network: {ethernets: {eth0: {nameservers: {addresses: [10.0.0.2]}}}}\n", " | " },
                { "netplan in one line", "etc/netplan/01.yaml",
                  "network: {ethernets: {eth0: {match: {macaddress: '" MAC "'}}}}\n",
                  "matches 0a:1b:2c:3d:4e:5f 1 | " },
                { "a link", "etc/systemd/network/10-x.link",
                  "[Match]\nMACAddress=" MAC "\n[Link]\nName=lan0\nMACAddress=02:00:00:00:00:01\n",
                  "matches 0a:1b:2c:3d:4e:5f 2; sets 02:00:00:00:00:01 5 | " },
                { "networkd", "etc/systemd/network/10-x.network",
                  "[Match]\nPermanentMACAddress=" MAC "\n[Network]\nAddress=10.0.0.7/24\n"
                  "Gateway=10.0.0.1\n",
                  "matches 0a:1b:2c:3d:4e:5f 2 | 10.0.0.7 4" },
                { "NetworkManager", "etc/NetworkManager/system-connections/eth0.nmconnection",
                  "[ethernet]\nmac-address=" MAC "\ncloned-mac-address=" MAC
                  "\nmac-address-blacklist=" MAC "\n[ipv4]\naddress1=10.0.0.9/24,10.0.0.1\n",
                  "matches 0a:1b:2c:3d:4e:5f 2; sets 0a:1b:2c:3d:4e:5f 3 | 10.0.0.9 6" },
                { "ifupdown", "etc/network/interfaces",
                  "iface eth0 inet static\n  address 10.0.0.5\n  hwaddress ether " MAC "\n",
                  "sets 0a:1b:2c:3d:4e:5f 3 | 10.0.0.5 2" },
                { "nobody's", "etc/sysconfig/network-scripts/ifcfg-eth0",
                  "HWADDR=00:00:00:00:00:00\nIPADDR=127.0.0.1\nIPADDR2=169.254.1.1\n", " | " },
                { "longer than an address", "etc/sysconfig/network-scripts/ifcfg-ib0",
                  "HWADDR=80:00:0A:1b:2c:3d:4e:5f:00:00:00:00\n", " | " },
                { "a directory in its place", "etc/netplan/01.yaml/x", "",
                  "? /etc/netplan/01.yaml: a directory, not a file; not read | ? "
                  "/etc/netplan/01.yaml: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, rows[i].path, rows[i].text);
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_netown, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* What cloud-init wrote, and will write for a new instance, and what it did not write. */
static void test_rewritten(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *got = NULL;
        char *dir = unit_temp_dir();

        unit_write_text(dir, "usr/bin/cloud-init", "");
        unit_write_text(dir, LAST, "");
        unit_write_text(dir, "etc/sysconfig/network-scripts/ifcfg-eth0",
                        "# Created by cloud-init on instance boot automatically, do not edit.\n"
                        "HWADDR=" MAC "\n");
        unit_write_text(dir, "etc/sysconfig/network-scripts/ifcfg-eth1", "HWADDR=" MAC "\n");
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_netown, NULL });
        got = describe(f);
        assert_string_equal(got,
                            "matches 0a:1b:2c:3d:4e:5f 2 anew; matches 0a:1b:2c:3d:4e:5f 1 | ");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_rewritten),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
