#include "unit-network.h"

#include "probe/netadvice.h"

static void test_naming(void **state _unused_)
{
        static const struct {
                const char *name, *os, *param;
                struct file files[FILES_MAX];
                const char *naming; /* naming nitro_name: naming_text */
        } rows[] = {
                { "debian 12",
                  NULL,
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "rules in /lib",
                  NULL,
                  NULL,
                  { { "lib/udev/rules.d/80-net-setup-link.rules", "x" },
                    { "lib/systemd/network/99-default.link", "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "net.ifnames=0",
                  NULL,
                  "net.ifnames=0",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: net.ifnames=0 is on the command line of the boot entry" },
                { "net.ifnames=no",
                  NULL,
                  "net.ifnames=no",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: net.ifnames=no is on the command line of the boot entry" },
                { "net.ifnames=1",
                  NULL,
                  "net.ifnames=1",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: net.ifnames=1 is on the command line of the boot entry" },
                { "net.ifnames alone",
                  NULL,
                  "net.ifnames",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "link masked",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/99-default.link", LINK "/dev/null" } },
                  "kernel eth0: /etc/systemd/network/99-default.link turns predictable names off" },
                { "link of an upgraded guest, comments only",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/99-default.link", "# This machine is a guest\n\n" } },
                  "kernel eth0: /etc/systemd/network/99-default.link turns predictable names off" },
                { "rule masked",
                  NULL,
                  "net.ifnames=1",
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/80-net-setup-link.rules", LINK "/dev/null" } },
                  "kernel eth0: /etc/udev/rules.d/80-net-setup-link.rules turns predictable names "
                  "off" },
                { "rule emptied",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/80-net-setup-link.rules", "" } },
                  "kernel eth0: /etc/udev/rules.d/80-net-setup-link.rules turns predictable names "
                  "off" },
                { "own rule in its place",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/80-net-setup-link.rules",
                      "SUBSYSTEM!=\"net\", GOTO=\"e\"\nNAME==\"\", NAME=\"$env{ID_NET_NAME}\"\n" } },
                  "? line 2 gives network cards names of its own; which one the card gets on Nitro "
                  "is not understood" },
                { "no rule",
                  NULL,
                  NULL,
                  { { DEFAULT, "x" } },
                  "kernel eth0: no rule of this system's udev renames network cards" },
                { "no default link",
                  NULL,
                  NULL,
                  { { RULE, "x" } },
                  "kernel eth0: no 99-default.link tells udev to rename network cards" },
                { "debian 8",
                  "debian 8",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: debian does not rename network cards by itself" },
                { "debian 8, asked for",
                  "debian 8",
                  "net.ifnames=1",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "? net.ifnames=1 on a system that does not rename network cards by itself is not "
                  "understood" },
                { "ubuntu 15.04",
                  "ubuntu 15.04",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: ubuntu does not rename network cards by itself" },
                { "ubuntu 15.10",
                  "ubuntu 15.10",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "debian testing",
                  "debian",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "another distribution",
                  "sles 16.0",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "? how sles names network cards is not understood" },
                { "another distribution, net.ifnames=0",
                  "gentoo 2.15",
                  "net.ifnames=0",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: net.ifnames=0 is on the command line of the boot entry" },
                { "suse",
                  "sles 12.5",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: SUSE's udev renames no network cards unless net.ifnames=1 is on "
                  "the command line" },
                { "suse, net.ifnames=0",
                  "opensuse-leap 15.4",
                  "net.ifnames=0",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "kernel eth0: net.ifnames=0 is on the command line of the boot entry" },
                { "suse, net.ifnames=1",
                  "sles_sap 15.3",
                  "net.ifnames=1",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: net.ifnames=1 is on the command line of the boot entry" },
                { "suse, net.ifnames alone",
                  "sles 15.3",
                  "net.ifnames",
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "? net.ifnames= is neither 0 nor 1 on the command line of the boot entry, and "
                  "what SUSE's udev makes of it is not understood" },
                { "suse, a policy does not count",
                  "sles 15.3",
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10.link",
                      "[Match]\nOriginalName=*\n[Link]\nNamePolicy=path\n" } },
                  "kernel eth0: /etc/systemd/network/10.link matches it and gives it no name" },
                { "tumbleweed",
                  "opensuse-tumbleweed 20240801",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "red hat 9",
                  "rhel 9.3",
                  NULL,
                  { { RULE, "x" }, { DEFAULT, "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "red hat 7.0",
                  "rhel 7.0",
                  NULL,
                  { { "usr/lib/udev/rules.d/80-net-name-slot.rules", "x" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "amazon linux 1",
                  "amzn 2018.03",
                  NULL,
                  { { 0 } },
                  "kernel eth0: no rule of this system's udev renames network cards" },
                { "persistent-net.rules",
                  NULL,
                  "net.ifnames=0",
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "# PCI\nSUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"02:00\", \\\n"
                      "  KERNEL==\"eth*\", NAME=\"eth0\"\n" } },
                  "given eth0: line 2 of /etc/udev/rules.d/70-persistent-net.rules names it by its "
                  "MAC address, which stays when the instance type is changed" },
                { "persistent-net.rules, of two cards",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "SUBSYSTEM==\"net\", ATTR{address}==\"02:00\", NAME=\"eth0\"\n"
                      "SUBSYSTEM==\"net\", ATTR{address}==\"02:01\", NAME=\"eth1\"\n" } },
                  "given eth0: line 1 of /etc/udev/rules.d/70-persistent-net.rules names it by its "
                  "MAC address, which stays when the instance type is changed" },
                { "links of two cards, the first one in the second file",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-b.link",
                      "[Match]\nMACAddress=02:01\n[Link]\nName=lan1\n" },
                    { "etc/systemd/network/20-a.link",
                      "[Match]\nMACAddress=02:00\n[Link]\nName=lan0\n" },
                    { "etc/systemd/network/30-all.link",
                      "[Match]\nOriginalName=*\n[Link]\nName=x\n" } },
                  "given lan0: /etc/systemd/network/20-a.link names it by its MAC address" },
                { "persistent-net.rules, any driver",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
                      "ATTR{address}==\"02:00\", ATTR{type}==\"1\", KERNEL==\"eth*\", "
                      "NAME=\"lan0\"\n" } },
                  "given lan0: line 1 of /etc/udev/rules.d/70-persistent-net.rules names it by its "
                  "MAC address, which stays when the instance type is changed" },
                { "persistent-net.rules, Xen's driver",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "SUBSYSTEM==\"net\", DRIVERS==\"vif\", ATTR{address}==\"02:00\", "
                      "NAME=\"eth0\"\n" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "persistent-net.rules, Xen's bus",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "SUBSYSTEM==\"net\", SUBSYSTEMS==\"xen\", KERNELS==\"vif-0\", "
                      "NAME=\"eth0\"\n" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "persistent-net.rules, Xen's driver, and a generator of rules",
                  NULL,
                  NULL,
                  { { "lib/udev/rules.d/75-persistent-net-generator.rules", "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules",
                      "SUBSYSTEM==\"net\", DRIVERS==\"vif\", NAME=\"eth0\"\n" } },
                  "? line 1 names a network card by its Xen driver or bus; it does not match on "
                  "Nitro, where udev writes a rule with another name; remove the line" },
                { "the generator of rules, as Amazon Linux 2 has it",
                  "amzn 2",
                  "net.ifnames=0",
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/75-persistent-net-generator.rules",
                      "SUBSYSTEM!=\"net\", GOTO=\"e\"\nENV{INTERFACE_NEW}==\"?*\", "
                      "NAME=\"$env{INTERFACE_NEW}\"\nLABEL=\"e\"\n" } },
                  "kernel eth0: net.ifnames=0 is on the command line of the boot entry" },
                { "rule with a program",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-x.rules",
                      "SUBSYSTEM==\"net\", PROGRAM==\"/x\", NAME=\"eth0\"\n" } },
                  "? line 1 gives network cards names of its own; which one the card gets on Nitro "
                  "is not understood" },
                { "persistent-net.rules, comments only",
                  NULL,
                  "net.ifnames=0",
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules", "# NAME=\"eth0\"\n" } },
                  "kernel eth0: net.ifnames=0 is on the command line of the boot entry" },
                { "persistent-net.rules, off",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/70-persistent-net.rules", LINK "/dev/null" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "rules for others",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/udev/rules.d/10-x.rules",
                      "SUBSYSTEM==\"block\", NAME=\"x\"\nSUBSYSTEM==\"net\", KERNEL==\"wlan*\", "
                      "NAME=\"w\"\nSUBSYSTEM==\"net\", NAME==\"eth0\", RUN+=\"y\"\n" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "link by MAC address",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link",
                      "[Match]\nMACAddress=02:00\n[Link]\nName=lan0\n" } },
                  "given lan0: /etc/systemd/network/10-lan.link names it by its MAC address" },
                { "link without a name",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link",
                      "[Match]\nOriginalName=*\n[Link]\nMTUBytes=1500\n" } },
                  "kernel eth0: /etc/systemd/network/10-lan.link matches it and gives it no name" },
                { "link with a policy",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link",
                      "[Match]\nType=ether\n[Link]\nNamePolicy=kernel path slot\nName=a\n" } },
                  "given enp0s5: /etc/systemd/network/10-lan.link names it, by NamePolicy=" },
                { "link with a policy, turned off",
                  NULL,
                  "net.ifnames=0",
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link",
                      "[Match]\nType=ether\n[Link]\nNamePolicy=kernel path slot\nName=a\n" } },
                  "given a: /etc/systemd/network/10-lan.link names it" },
                { "link with the MAC address as a policy",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/99-default.link",
                      "[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep mac\n" } },
                  "? how its NamePolicy= names the card is not understood" },
                { "link for Xen",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link",
                      "[Match]\nDriver=vif\n[Link]\nName=lan0\n" },
                    { "usr/lib/systemd/network/73-usb-net-by-mac.link",
                      "[Match]\nPath=*-usb-*\n[Link]\nNamePolicy=mac\n" } },
                  "predictable ens5: udev gives predictable names, and nothing turns them off" },
                { "link nobody understands",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/10-lan.link", "[Match]\nHost=x\n[Link]\nName=lan0\n" } },
                  "? it may give network cards names of its own, which is not understood" },
                { "drop-in of the default",
                  NULL,
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "etc/systemd/network/99-default.link.d/x.conf", "" } },
                  "? its files may change how network cards are named, which is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = earlier_facts(rows[i].os, rows[i].param);
                cleanup_free char *naming = NULL, *nitro = NULL, *text = NULL, *all = NULL;

                print_message("# %s\n", rows[i].name);
                add_files(dir, rows[i].files);
                unit_probe_on(f, dir, NULL, network_probes);
                naming = unit_fact(f, "/network/naming");
                nitro = unit_fact(f, "/network/nitro_name");
                text = unit_fact(f, "/network/naming_text");
                all = naming[0] == '?' ? xstrdup(naming)
                                       : xasprintf("%s %s: %s", naming, nitro, text);
                assert_string_equal(all, rows[i].naming);
                if (naming[0] == '?') {
                        cleanup_free char *covered = unit_fact(f, "/network/covered");

                        assert_string_equal(nitro, naming);
                        assert_string_equal(covered, naming);
                }
                unit_remove_tree(dir);
        }
}

static void test_unknown_command_line(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *naming = NULL;

        unit_write_text(dir, RULE, "x");
        unit_write_text(dir, DEFAULT, "x");
        facts_set_str(f, "debian", "/os/id");
        facts_set_str(f, "12", "/os/version_id");
        facts_unknown(f, "/boot", "/boot/grub/grub.cfg", "it is not there");
        unit_probe_on(f, dir, NULL, network_probes);
        naming = unit_fact(f, "/network/naming");
        assert_string_equal(naming,
                            "? net.ifnames= decides, but the kernel command line is not known: "
                            "it is not there");
        unit_remove_tree(dir);
}

#define UP "(ifupdown /etc/network/interfaces:"

/* Predictable names: the card will be ens5. */
static void test_covered(void **state _unused_)
{
        static const struct {
                const char *name, *interfaces;
                struct file files[FILES_MAX];
                const char *covered, *configured;
        } rows[] = {
                { "eth0 only",
                  "auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n",
                  { { 0 } },
                  "false",
                  "eth0" UP "3)" },
                { "ens5",
                  "allow-hotplug ens5\niface ens5 inet dhcp\n",
                  { { 0 } },
                  "true",
                  "ens5" UP "1)" },
                { "both",
                  "auto eth0 ens5\niface eth0 inet dhcp\niface ens5 inet dhcp\n",
                  { { 0 } },
                  "true",
                  "eth0" UP "1) ens5" UP "1)" },
                { "static",
                  "auto ens5\niface ens5 inet static\n address 10.0.0.2/24\n",
                  { { 0 } },
                  "true",
                  "ens5" UP "1)" },
                { "pattern",
                  "auto /en*=any\niface any inet dhcp\n",
                  { { 0 } },
                  "true",
                  "/en*=any" UP "1)" },
                { "pattern without a stanza for it",
                  "auto /e*\niface eth0 inet dhcp\n",
                  { { 0 } },
                  "false",
                  "/e*" UP "1)" },
                { "logical name",
                  "auto ens5=lan\niface lan inherits x\niface x inet dhcp\n",
                  { { 0 } },
                  "true",
                  "ens5=lan" UP "1)" },
                { "no stanza",
                  "auto ens5\nauto eth0\niface eth0 inet dhcp\n",
                  { { 0 } },
                  "false",
                  "eth0" UP "2)" },
                { "stanza, but not at boot",
                  "auto eth0\niface eth0 inet dhcp\niface ens5 inet dhcp\n",
                  { { 0 } },
                  "false",
                  "eth0" UP "1)" },
                { "other class",
                  "allow-ovs ens5\niface ens5 inet dhcp\nauto eth0\niface eth0 inet "
                  "dhcp\n",
                  { { 0 } },
                  "false",
                  "eth0" UP "3)" },
                { "manual",
                  "auto ens5\niface ens5 inet manual\n up dhclient ens5\n",
                  { { 0 } },
                  "? line 2 leaves ens5 to commands (method manual)",
                  "ens5" UP "1)" },
                { "manual and inet6",
                  "auto ens5\niface ens5 inet manual\niface ens5 inet6 auto\n",
                  { { 0 } },
                  "true",
                  "ens5" UP "1)" },
                { "by MAC address",
                  "auto mac/02:00=lan\niface lan inet dhcp\n",
                  { { 0 } },
                  "? line 1: only the running machine can tell what mac/02:00=lan is",
                  "mac/02:00=lan" UP "1)" },
                { "mapping",
                  "auto ens5\niface ens5 inet dhcp\nmapping en*\n script /x\n",
                  { { 0 } },
                  "? line 3: what a mapping script makes of ens5 is not understood",
                  "ens5" UP "1)" },
                { "mapping of others",
                  "auto eth0\niface eth0 inet dhcp\nmapping eth0\n script /x\n",
                  { { 0 } },
                  "false",
                  "eth0" UP "1)" },
                { "rename",
                  "rename ens5=lan\nauto lan\niface lan inet dhcp\n",
                  { { 0 } },
                  "? line 1: what renaming makes of ens5 is not understood",
                  "lan" UP "2)" },
                { "bridge",
                  "auto br0\niface br0 inet dhcp\n bridge_ports eth0\n",
                  { { 0 } },
                  "? line 2 makes an interface out of others (bridge_ports), which is not "
                  "understood",
                  "br0" UP "1)" },
                { "wrong line",
                  "auto ens5\niface ens5 inet dhcp\nbogus x y\nauto x\ngateway 1\n",
                  { { 0 } },
                  "? line 5: \"gateway\" outside of a stanza; for one wrong line ifup refuses the "
                  "whole configuration",
                  "" },
                { "crlf",
                  "auto ens5\r\niface ens5 inet dhcp\r\n",
                  { { 0 } },
                  "true",
                  "ens5" UP "1)" },
                { "lo only", "auto lo\niface lo inet loopback\n", { { 0 } }, NOTHING, "" },
                { "source with a glob",
                  "source /etc/network/interfaces.d/*\n",
                  { { "etc/network/interfaces.d/b", "auto ens5\niface ens5 inet dhcp\n" },
                    { "etc/network/interfaces.d/a.cfg", "auto eth0\niface eth0 inet dhcp\n" },
                    { "etc/network/interfaces.d/dir/x", "bogus" } },
                  "true",
                  "eth0(ifupdown /etc/network/interfaces.d/a.cfg:1) "
                  "ens5(ifupdown /etc/network/interfaces.d/b:1)" },
                { "source-directory takes plain names, relative",
                  "source-directory interfaces.d\n",
                  { { "etc/network/interfaces.d/a.cfg", "auto ens5\niface ens5 inet dhcp\n" },
                    { "etc/network/interfaces.d/b", "auto eth0\niface eth0 inet dhcp\n" } },
                  "false",
                  "eth0(ifupdown /etc/network/interfaces.d/b:1)" },
                { "source of nothing",
                  "source x\nsource y/*\nauto ens5\niface ens5 inet dhcp\n",
                  { { 0 } },
                  "true",
                  "ens5" UP "3)" },
                { "source by a variable",
                  "source $HOME/x\nauto ens5\niface ens5 inet dhcp\n",
                  { { 0 } },
                  "? line 1 includes files in a way that is not understood",
                  "" },
                { "source of itself",
                  "source interfaces\n",
                  { { 0 } },
                  "? too many files include one another",
                  "" },
                { "stanza in another file",
                  "auto ens5\nsource more\n",
                  { { "etc/network/more", "iface ens5 inet dhcp\n" } },
                  "true",
                  "ens5" UP "1)" },
                { "networking masked",
                  "auto ens5\niface ens5 inet dhcp\n",
                  { { "etc/systemd/system/networking.service", LINK "/dev/null" } },
                  "? no enabled service runs ifup for its \"auto\" lines",
                  "" },
                { "networking masked, hotplug",
                  "allow-hotplug ens5\niface ens5 inet dhcp\n",
                  { { "etc/systemd/system/networking.service", LINK "/dev/null" } },
                  "true",
                  "ens5" UP "1)" },
                { "switched off",
                  "auto ens5\niface ens5 inet dhcp\n",
                  { { "etc/default/networking", "#x\nCONFIGURE_INTERFACES=no\n" } },
                  "? line 2 may keep ifup from configuring a card, which is not understood",
                  "" },
                { "defaults as shipped",
                  "auto ens5\niface ens5 inet dhcp\n",
                  { { "etc/default/networking", "#CONFIGURE_INTERFACES=yes\n" } },
                  "true",
                  "ens5" UP "1)" },
                { "cloud helper",
                  "source-directory /run/network/interfaces.d\n",
                  { { "etc/network/cloud-ifupdown-helper", "" },
                    { "etc/network/cloud-interfaces-template",
                      "auto $INTERFACE\niface $INTERFACE inet dhcp\n" },
                    { "etc/udev/rules.d/75-cloud-ifupdown.rules",
                      "# x\nSUBSYSTEM==\"net\", ACTION==\"add\", ENV{INTERFACE}==\"eth*|en*\", "
                      "RUN+=\"/etc/network/cloud-ifupdown-helper\"\n" } },
                  "true",
                  "eth*|en*(cloud-ifupdown /etc/udev/rules.d/75-cloud-ifupdown.rules:2)" },
                { "cloud helper for another driver",
                  "source-directory /run/network/interfaces.d\nauto eth0\niface eth0 inet dhcp\n",
                  { { "etc/network/cloud-ifupdown-helper", "" },
                    { "etc/network/cloud-interfaces-template",
                      "auto $INTERFACE\niface $INTERFACE inet dhcp\n" },
                    { "etc/udev/rules.d/75-cloud-ifupdown.rules",
                      "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"hv_netvsc\", "
                      "RUN+=\"/etc/network/cloud-ifupdown-helper\"\n" } },
                  "false",
                  "eth0" UP "2)" },
                { "cloud helper, manual",
                  "source /run/network/interfaces.d/*\n",
                  { { "etc/network/cloud-ifupdown-helper", "" },
                    { "etc/network/cloud-interfaces-template",
                      "auto $INTERFACE\niface $INTERFACE inet manual\n" } },
                  "? line 2 leaves $INTERFACE to commands (method manual)",
                  "" },
                { "cloud helper, not included",
                  "auto eth0\niface eth0 inet dhcp\n",
                  { { "etc/network/cloud-ifupdown-helper", "" },
                    { "etc/network/cloud-interfaces-template",
                      "auto $INTERFACE\niface $INTERFACE inet dhcp\n" },
                    { "etc/udev/rules.d/75-cloud-ifupdown.rules",
                      "SUBSYSTEM==\"net\", RUN+=\"/etc/network/cloud-ifupdown-helper\"\n" } },
                  "false",
                  "eth0" UP "1)" },
                { "netplan, which is not installed",
                  "auto eth0\niface eth0 inet dhcp\n",
                  { { "etc/netplan/50-x.yaml", "network: {ethernets: {ens5: {dhcp4: true}}}\n" } },
                  "false",
                  "eth0" UP "1)" },
                { "networkd without a configuration",
                  "auto eth0\niface eth0 inet dhcp\n",
                  { { "etc/systemd/system/multi-user.target.wants/systemd-networkd.service",
                      LINK "/lib/systemd/system/systemd-networkd.service" } },
                  "false",
                  "eth0" UP "1)" },
                { "ifupdown2",
                  "auto ens5\niface ens5 inet dhcp\n",
                  { { "usr/share/ifupdown2/x", "" } },
                  "? ifupdown2 or ifupdown-ng reads it, which is not understood yet",
                  "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = earlier_facts(NULL, NULL);
                cleanup_free char *covered = NULL, *configured = NULL;

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, RULE, "x");
                unit_write_text(dir, DEFAULT, "x");
                unit_write_text(dir, "sbin/ifup", "");
                unit_link(dir, ENABLED, "/lib/systemd/system/networking.service");
                unit_write_text(dir, "etc/network/interfaces", rows[i].interfaces);
                add_files(dir, rows[i].files);
                unit_probe_on(f, dir, NULL, network_probes);
                covered = unit_fact(f, "/network/covered");
                configured = describe_configured(f);
                assert_string_equal(covered, rows[i].covered);
                assert_string_equal(configured, rows[i].configured);
                unit_remove_tree(dir);
        }
}

static void test_kernel_names(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = earlier_facts(NULL, "net.ifnames=0");
        cleanup_free char *covered = NULL;

        unit_write_text(dir, RULE, "x");
        unit_write_text(dir, DEFAULT, "x");
        unit_write_text(dir, "usr/sbin/ifup", "");
        unit_write_text(dir, "etc/rcS.d/S12networking", "");
        unit_write_text(dir, "etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n");
        unit_probe_on(f, dir, NULL, network_probes);
        covered = unit_fact(f, "/network/covered");
        assert_string_equal(covered, "true");
        unit_remove_tree(dir);
}

/* Without ifup its files mean nothing. */
static void test_no_ifupdown(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = earlier_facts(NULL, NULL);
        cleanup_free char *covered = NULL;

        unit_write_text(dir, RULE, "x");
        unit_write_text(dir, DEFAULT, "x");
        unit_write_text(dir, "etc/network/interfaces", "auto ens5\niface ens5 inet dhcp\n");
        unit_probe_on(f, dir, NULL, network_probes);
        covered = unit_fact(f, "/network/covered");
        assert_string_equal(covered, NOTHING);
        assert_int_equal(facts_count(f, "/network/configured"), 0);
        unit_remove_tree(dir);
}

#define TWO_RULES                                                       \
        "SUBSYSTEM==\"net\", ATTR{address}==\"02:01\", NAME=\"eth1\"\n" \
        "SUBSYSTEM==\"net\", ATTR{address}==\"02:00\", NAME=\"eth0\"\n"
#define PERSISTENT "etc/udev/rules.d/70-persistent-net.rules"
#define GENERATOR  "lib/udev/rules.d/75-persistent-net-generator.rules"

/* What is known by its MAC address: "resized | a copy". */
static void test_moves(void **state _unused_)
{
        static const struct {
                const char *name, *param;
                struct file files[FILES_MAX];
                const char *want;
        } rows[] = {
                { "two cards, both are brought up",
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "sbin/ifup", "" },
                    { ENABLED, "" },
                    { PERSISTENT, TWO_RULES },
                    { "etc/network/interfaces",
                      "auto eth0 eth1\niface eth0 inet dhcp\niface eth1 inet dhcp\n" } },
                  "eth0 true | ens5 false" },
                { "two cards, one of them is brought up",
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "sbin/ifup", "" },
                    { ENABLED, "" },
                    { PERSISTENT, TWO_RULES },
                    { "etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n" } },
                  "eth0 ? eth0 and eth1 are names of network cards known by their MAC addresses, "
                  "and not both are brought up; which one is the first is only to be told on the "
                  "running machine | ens5 false" },
                { "a copy, where udev writes rules",
                  "net.ifnames=0",
                  { { PERSISTENT, TWO_RULES },
                    { GENERATOR, "x" },
                    { "sbin/ifup", "" },
                    { ENABLED, "" },
                    { "etc/network/interfaces",
                      "auto eth0 eth1\niface eth0 inet dhcp\niface eth1 inet dhcp\n" } },
                  "eth0 true | ? line 1 keeps its name for the card of the machine that is copied; "
                  "udev writes a rule with another name for the new one; remove the line from the "
                  "copy ? line 1 keeps its name for the card of the machine that is copied; udev "
                  "writes a rule with another name for the new one; remove the line from the copy" },
                { "a copy, where nothing renames",
                  "net.ifnames=0",
                  { { PERSISTENT, TWO_RULES },
                    { RULE, "x" },
                    { DEFAULT, "x" },
                    { "sbin/ifup", "" },
                    { ENABLED, "" },
                    { "etc/network/interfaces",
                      "auto eth0 eth1\niface eth0 inet dhcp\niface eth1 inet dhcp\n" } },
                  "eth0 true | eth0 true" },
                { "a copy, which cloud-init configures anew",
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "usr/sbin/netplan", "" },
                    { "usr/bin/cloud-init", "" },
                    { "var/lib/cloud/instance", "" },
                    { "usr/lib/python3/dist-packages/cloudinit/net/netplan.py", "" },
                    { "etc/netplan/50-cloud-init.yaml",
                      "network: {version: 2, ethernets: {eth0: {dhcp4: true, set-name: eth0, "
                      "match: {macaddress: 'aa:bb:cc:dd:ee:01'}}}}\n" } },
                  "eth0 true | ens5 true" },
                { "a copy, and cloud-init is turned off",
                  NULL,
                  { { RULE, "x" },
                    { DEFAULT, "x" },
                    { "usr/sbin/netplan", "" },
                    { "usr/bin/cloud-init", "" },
                    { "etc/cloud/cloud-init.disabled", "" },
                    { "usr/lib/python3/dist-packages/cloudinit/net/netplan.py", "" },
                    { "etc/netplan/50-cloud-init.yaml",
                      "network: {version: 2, ethernets: {eth0: {dhcp4: true, set-name: eth0, "
                      "match: {macaddress: 'aa:bb:cc:dd:ee:01'}}}}\n" } },
                  "eth0 true | ens5 false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = earlier_facts(NULL, rows[i].param);
                cleanup_free char *name = NULL, *covered = NULL, *copy = NULL, *copied = NULL;
                cleanup_free char *all = NULL;

                print_message("# %s\n", rows[i].name);
                add_files(dir, rows[i].files);
                unit_probe_on(f, dir, NULL, network_probes);
                name = unit_fact(f, "/network/nitro_name");
                covered = unit_fact(f, "/network/covered");
                copy = unit_fact(f, "/network/copy/nitro_name");
                copied = unit_fact(f, "/network/copy/covered");
                all = xasprintf("%s %s | %s %s", name, covered, copy, copied);
                assert_string_equal(all, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* How to configure the card beside the old name. */
static void test_advice(void **state _unused_)
{
        static const struct {
                const char *by, *name, *file, *want;
        } rows[] = {
                { "ifupdown", "eth0", "/etc/network/interfaces",
                  "add `allow-hotplug ens5` and `iface ens5 inet dhcp` to /etc/network/interfaces" },
                { "netplan", "eth0", "/etc/netplan/a.yaml",
                  "add `ens5: {dhcp4: true, optional: true}` below `ethernets:` in "
                  "/etc/netplan/a.yaml" },
                { "systemd-networkd", "eth0", "/etc/systemd/network/10-eth0.network",
                  "copy /etc/systemd/network/10-eth0.network to "
                  "/etc/systemd/network/50-ens5.network and write `Name=ens5` into its [Match] "
                  "section, in place of what stands there" },
                { "NetworkManager", "eth0", "/etc/NetworkManager/system-connections/a",
                  "copy /etc/NetworkManager/system-connections/a to "
                  "/etc/NetworkManager/system-connections/ens5.nmconnection (owner root, mode "
                  "0600) with id=ens5, interface-name=ens5 and without its uuid= line" },
                { "ifcfg", "eth0", "/etc/sysconfig/network/ifcfg-eth0",
                  "copy /etc/sysconfig/network/ifcfg-eth0 to /etc/sysconfig/network/ifcfg-ens5 "
                  "with STARTMODE='hotplug'" },
                { "ifcfg", "eth0", "/etc/sysconfig/network-scripts/ifcfg-eth0",
                  "copy /etc/sysconfig/network-scripts/ifcfg-eth0 to "
                  "/etc/sysconfig/network-scripts/ifcfg-ens5 with DEVICE=ens5 and without NAME=, "
                  "HWADDR= and UUID=; on Xen the old network script then complains about ens5, "
                  "and does the rest" },
                { "cloud-init", "eth0", "/usr/bin/cloud-init", "null" },
                { "netplan", "eth*", "/etc/netplan/a.yaml", "null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;

                facts_set_str(f, "ens5", "/network/nitro_name");
                facts_set_bool(f, false, "/network/covered");
                facts_set_str(f, rows[i].by, "/network/configured/0/by");
                facts_set_str(f, rows[i].name, "/network/configured/0/name");
                facts_set_str(f, rows[i].file, "/network/configured/0/file");
                netadvice_publish(f);
                got = unit_fact(f, "/network/advice");
                assert_string_equal(got, rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_naming),      cmocka_unit_test(test_moves),
                cmocka_unit_test(test_advice),      cmocka_unit_test(test_unknown_command_line),
                cmocka_unit_test(test_covered),     cmocka_unit_test(test_kernel_names),
                cmocka_unit_test(test_no_ifupdown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
