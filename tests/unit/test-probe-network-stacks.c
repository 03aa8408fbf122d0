/* The network probe on systems without ifupdown. Names are predictable: the card will be ens5. */
#include "unit-network.h"

#define NETPLAN   "lib/systemd/system-generators/netplan"
#define NETWORKD  "etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
#define MANAGER   "etc/systemd/system/multi-user.target.wants/NetworkManager.service"
#define SCRIPTS   "etc/sysconfig/network-scripts/"
#define KEYFILES  "etc/NetworkManager/system-connections/"
#define BY_ITSELF "*(NetworkManager /etc/NetworkManager/NetworkManager.conf:0)"

struct row {
        const char *name;
        struct file files[FILES_MAX];
        const char *covered; /* true, "true by MAC", false, "? reason" */
        const char *configured;
};

static void check(const struct row *row)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = earlier_facts(NULL, NULL);
        cleanup_free char *covered = NULL, *by_mac = NULL, *configured = NULL, *all = NULL;

        print_message("# %s\n", row->name);
        unit_write_text(dir, RULE, "x");
        unit_write_text(dir, DEFAULT, "x");
        add_files(dir, row->files);
        unit_probe_on(f, dir, NULL, network_probes);
        covered = unit_fact(f, "/network/covered");
        by_mac = unit_fact(f, "/network/by_mac");
        configured = describe_configured(f);
        all = xasprintf("%s%s", covered, streq(by_mac, "null") ? "" : " by MAC");
        assert_string_equal(all, row->covered);
        assert_string_equal(configured, row->configured);
        unit_remove_tree(dir);
}

static void test_netplan(void **state _unused_)
{
        static const struct row rows[] = {
                { "by MAC address, as cloud-init writes it",
                  { { NETPLAN, "" },
                    { "etc/netplan/50-cloud-init.yaml",
                      "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n"
                      "      match: {macaddress: 0a:00}\n      set-name: eth0\n" } },
                  "true by MAC",
                  "0a:00(netplan /etc/netplan/50-cloud-init.yaml:4)" },
                { "by an old name",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml", "network: {ethernets: {eth0: {dhcp4: true}}}\n" } },
                  "false",
                  "eth0(netplan /etc/netplan/x.yaml:1)" },
                { "by the name on Nitro",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml", "network: {ethernets: {ens5: {dhcp6: on}}}\n" } },
                  "true",
                  "ens5(netplan /etc/netplan/x.yaml:1)" },
                { "by a pattern",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network:\n ethernets:\n  all-en:\n   match: {name: en*}\n"
                      "   addresses: [10.0.0.2/24]\n" } },
                  "true",
                  "en*(netplan /etc/netplan/x.yaml:3)" },
                { "by Xen's driver",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network: {ethernets: {a: {match: {driver: vif}, dhcp4: true}}}\n" } },
                  "false",
                  "vif(netplan /etc/netplan/x.yaml:1)" },
                { "by one of several drivers",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network: {ethernets: {a: {match: {driver: [vif, ena]}, dhcp4: true}}}\n" } },
                  "true",
                  "vif ena(netplan /etc/netplan/x.yaml:1)" },
                { "an empty match",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network: {ethernets: {a: {match: {}, dhcp4: true}}}\n" } },
                  "? line 1: whether it matches the card is only to be told on the running machine",
                  "*(netplan /etc/netplan/x.yaml:1)" },
                { "renamed by another definition",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network:\n ethernets:\n"
                      "  lan: {match: {macaddress: 0a:00}, set-name: lan0, dhcp4: true}\n"
                      "  ens5: {dhcp4: true}\n" } },
                  "true by MAC",
                  "ens5(netplan /etc/netplan/x.yaml:4) 0a:00(netplan /etc/netplan/x.yaml:3)" },
                { "address in another file",
                  { { NETPLAN, "" },
                    { "etc/netplan/1.yaml", "network: {ethernets: {ens5: {mtu: 9001}}}\n" },
                    { "lib/netplan/2.yaml", "network: {ethernets: {ens5: {dhcp4: true}}}\n" } },
                  "true",
                  "ens5(netplan /etc/netplan/1.yaml:1)" },
                { "hidden in /lib",
                  { { NETPLAN, "" },
                    { "etc/netplan/1.yaml", "network: {ethernets: {eth0: {dhcp4: true}}}\n" },
                    { "lib/netplan/1.yaml", "network: {ethernets: {ens5: {dhcp4: true}}}\n" } },
                  "false",
                  "eth0(netplan /etc/netplan/1.yaml:1)" },
                { "no address",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml", "network: {ethernets: {ens5: {}}}\n" } },
                  "? line 1 gives ens5 no address at boot",
                  "" },
                { "held back",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml", "network: {ethernets: {ens5: {dhcp4: true, "
                                            "activation-mode: manual}}}\n" } },
                  "? line 1 gives ens5 no address at boot",
                  "" },
                { "bridge",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml",
                      "network:\n  bridges:\n    br0: {interfaces: [eth0], dhcp4: true}\n" } },
                  "? line 3 makes br0 out of other interfaces, which is not understood",
                  "" },
                { "wrong file",
                  { { NETPLAN, "" },
                    { "etc/netplan/a.yaml", "network: {ethernets: {ens5: {dhcp4: true}}}\n" },
                    { "etc/netplan/b.yaml", "network: [\n" } },
                  "? line 2: no YAML: did not find expected node content; for one wrong file "
                  "netplan configures nothing",
                  "" },
                { "systemd-networkd masked",
                  { { NETPLAN, "" },
                    { "etc/netplan/x.yaml", "network: {ethernets: {ens5: {dhcp4: true}}}\n" },
                    { "etc/systemd/system/systemd-networkd.service", LINK "/dev/null" } },
                  NOTHING,
                  "" },
                { "for NetworkManager",
                  { { NETPLAN, "" },
                    { MANAGER, "" },
                    { "etc/netplan/x.yaml", "network: {renderer: NetworkManager, ethernets: "
                                            "{ens5: {dhcp4: true}}}\n" } },
                  "true",
                  "ens5(netplan /etc/netplan/x.yaml:1)" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i]);
}

static void test_networkd(void **state _unused_)
{
        static const struct row rows[] = {
                { "by driver, as Amazon Linux 2023 has it",
                  { { NETWORKD, "" },
                    { "usr/lib/systemd/network/80-ec2.network",
                      "[Match]\nDriver=ena ixgbevf vif\n\n[Network]\nDHCP=yes\n" } },
                  "true",
                  "ena ixgbevf vif(systemd-networkd /usr/lib/systemd/network/80-ec2.network:5)" },
                { "not enabled",
                  { { "usr/lib/systemd/network/80-ec2.network",
                      "[Match]\nDriver=ena\n[Network]\nDHCP=yes\n" } },
                  NOTHING,
                  "" },
                { "by an old name",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/a.network",
                      "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n" } },
                  "false",
                  "eth0(systemd-networkd /etc/systemd/network/a.network:4)" },
                { "by MAC address",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/a.network",
                      "[Match]\nMACAddress=0a:00\n[Network]\nAddress=10.0.0.2/24\n" } },
                  "true by MAC",
                  "0a:00(systemd-networkd /etc/systemd/network/a.network:4)" },
                { "by all but a name",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/a.network",
                      "[Match]\nName=!wl* lo\nType=ether\n[Network]\nDHCP=yes\n" } },
                  "true",
                  "!wl* lo(systemd-networkd /etc/systemd/network/a.network:5)" },
                { "masked",
                  { { NETWORKD, "" },
                    { "usr/lib/systemd/network/80-ec2.network",
                      "[Match]\nDriver=ena\n[Network]\nDHCP=yes\n" },
                    { "etc/systemd/network/80-ec2.network", LINK "/dev/null" },
                    { "etc/systemd/network/90.network",
                      "[Match]\nName=eth0\n[Network]\nDHCP=yes\n" } },
                  "false",
                  "eth0(systemd-networkd /etc/systemd/network/90.network:4)" },
                { "the first one has it",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/10.network",
                      "[Match]\nName=en*\n[Network]\nBridge=br0\n" },
                    { "etc/systemd/network/20.network",
                      "[Match]\nName=ens5\n[Network]\nDHCP=yes\n" } },
                  "? it may take the card, and what it makes of it is not understood",
                  "" },
                { "a condition nobody knows",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/10.network",
                      "[Match]\nName=en*\nHost=x\n[Network]\nDHCP=yes\n" } },
                  "? line 5: whether it matches the card is only to be told on the running machine",
                  "en*(systemd-networkd /etc/systemd/network/10.network:5)" },
                { "drop-in",
                  { { NETWORKD, "" },
                    { "etc/systemd/network/10.network",
                      "[Match]\nName=en*\n[Network]\nDHCP=yes\n" },
                    { "etc/systemd/network/10.network.d/x.conf", "[Network]\nDHCP=no\n" } },
                  "? line 4: whether it matches the card is only to be told on the running machine",
                  "en*(systemd-networkd /etc/systemd/network/10.network:4)" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i]);
}

#define RENAMES "usr/lib/udev/rules.d/60-net.rules"
#define SCRIPT  "etc/rc.d/rc3.d/S10network"

static void test_ifcfg(void **state _unused_)
{
        static const struct row rows[] = {
                { "by an old name",
                  { { SCRIPT, "" },
                    { SCRIPTS "ifcfg-eth0", "DEVICE=\"eth0\"\nBOOTPROTO=dhcp\nONBOOT=yes\n" },
                    { SCRIPTS "ifcfg-lo", "DEVICE=lo\n" } },
                  "false",
                  "eth0(ifcfg /etc/sysconfig/network-scripts/ifcfg-eth0:1)" },
                { "by the name on Nitro",
                  { { SCRIPT, "" },
                    { SCRIPTS "ifcfg-ens5", "DEVICE=ens5\nIPADDR=10.0.0.2\nNM_CONTROLLED=no\n" } },
                  "true",
                  "ens5(ifcfg /etc/sysconfig/network-scripts/ifcfg-ens5:1)" },
                { "not at boot",
                  { { SCRIPT, "" },
                    { SCRIPTS "ifcfg-ens5", "DEVICE=ens5\nBOOTPROTO=dhcp\nONBOOT=no\n" },
                    { SCRIPTS "ifcfg-ens5.bak", "DEVICE=ens5\nBOOTPROTO=dhcp\n" } },
                  NOTHING,
                  "" },
                { "by MAC address, renamed to it",
                  { { SCRIPT, "" },
                    { RENAMES, "" },
                    { SCRIPTS "ifcfg-eth0", "DEVICE=eth0\nHWADDR=0a:00\nBOOTPROTO=dhcp\n" } },
                  "true by MAC",
                  "eth0(ifcfg /etc/sysconfig/network-scripts/ifcfg-eth0:1)" },
                { "by MAC address and name, nobody renames",
                  { { SCRIPT, "" },
                    { SCRIPTS "ifcfg-eth0", "DEVICE=eth0\nHWADDR=0a:00\nBOOTPROTO=dhcp\n" } },
                  "false",
                  "eth0(ifcfg /etc/sysconfig/network-scripts/ifcfg-eth0:1)" },
                { "without a name, for NetworkManager",
                  { { MANAGER, "" }, { SCRIPTS "ifcfg-Wired_1", "BOOTPROTO=dhcp\n" } },
                  "true",
                  "Wired_1(ifcfg /etc/sysconfig/network-scripts/ifcfg-Wired_1:1)" },
                { "bridge",
                  { { SCRIPT, "" }, { SCRIPTS "ifcfg-eth0", "DEVICE=eth0\nBRIDGE=br0\n" } },
                  "? it makes an interface out of others, which is not understood",
                  "" },
                { "needs a shell",
                  { { SCRIPT, "" }, { SCRIPTS "ifcfg-eth0", "DEVICE=$(x)\n" } },
                  "? line 1 is not a plain assignment",
                  "" },
                { "nobody reads it",
                  { { SCRIPTS "ifcfg-ens5", "DEVICE=ens5\nBOOTPROTO=dhcp\n" } },
                  NOTHING,
                  "" },
                { "SUSE",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-ens5", "STARTMODE='auto'\nBOOTPROTO='dhcp'\n" },
                    { "etc/sysconfig/network/ifcfg-eth1", "STARTMODE=off\nBOOTPROTO=dhcp\n" } },
                  "true",
                  "ens5(ifcfg /etc/sysconfig/network/ifcfg-ens5:1)" },
                { "SUSE, the unit enabled",
                  { { "etc/systemd/system/multi-user.target.wants/wicked.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-ens5", "BOOTPROTO=dhcp\nSTARTMODE=hotplug\n" } },
                  "true",
                  "ens5(ifcfg /etc/sysconfig/network/ifcfg-ens5:1)" },
                { "SUSE, but NetworkManager is the network service",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/NetworkManager.service" },
                    { MANAGER, "" },
                    { "etc/NetworkManager/NetworkManager.conf", "[main]\nno-auto-default=*\n" },
                    { "etc/sysconfig/network/ifcfg-ens5", "STARTMODE=auto\nBOOTPROTO=dhcp\n" } },
                  NOTHING,
                  "" },
                { "SUSE, a bond of the card",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-bond0",
                      "STARTMODE=auto\nBOOTPROTO=dhcp\nBONDING_MASTER=yes\n"
                      "BONDING_SLAVE0=ens5\n" } },
                  "? it makes an interface out of others, which is not understood",
                  "" },
                { "SUSE, a VLAN of the card",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-vlan7",
                      "STARTMODE=auto\nBOOTPROTO=dhcp\nETHERDEVICE=ens5\n" } },
                  "? it makes an interface out of others, which is not understood",
                  "" },
                { "SUSE, wicked's own files",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-eth0", "STARTMODE=auto\nBOOTPROTO=dhcp\n" },
                    { "etc/wicked/ifconfig/card.xml", "<interface/>" } },
                  "? wicked's own files are not understood",
                  "eth0(ifcfg /etc/sysconfig/network/ifcfg-eth0:1)" },
                { "SUSE, by an old name",
                  { { "etc/systemd/system/network.service",
                      LINK "/usr/lib/systemd/system/wicked.service" },
                    { "etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO=dhcp\nSTARTMODE=onboot\n" } },
                  "false",
                  "eth0(ifcfg /etc/sysconfig/network/ifcfg-eth0:1)" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i]);
}

static void test_networkmanager(void **state _unused_)
{
        static const struct row rows[] = {
                { "by itself", { { MANAGER, "" } }, "true", BY_ITSELF },
                { "by itself, beside eth0",
                  { { MANAGER, "" }, { SCRIPTS "ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=dhcp\n" } },
                  "true",
                  "eth0(ifcfg /etc/sysconfig/network-scripts/ifcfg-eth0:1) " BY_ITSELF },
                { "no-auto-default",
                  { { MANAGER, "" },
                    { "usr/lib/NetworkManager/conf.d/00-server.conf",
                      "[main]\nno-auto-default=*\n" },
                    { KEYFILES "eth0.nmconnection",
                      "[connection]\ntype=ethernet\ninterface-name=eth0\n[ipv4]\nmethod=auto\n" } },
                  "false",
                  "eth0(NetworkManager "
                  "/etc/NetworkManager/system-connections/eth0.nmconnection:3)" },
                { "no-auto-default undone",
                  { { MANAGER, "" },
                    { "usr/lib/NetworkManager/conf.d/00-server.conf",
                      "[main]\nno-auto-default=*\n" },
                    { "etc/NetworkManager/conf.d/00-server.conf", "" } },
                  "true",
                  BY_ITSELF },
                { "no-auto-default for one card",
                  { { MANAGER, "" },
                    { "etc/NetworkManager/NetworkManager.conf",
                      "[main]\nno-auto-default=0a:00\n" } },
                  "? whether NetworkManager may configure the card by itself is only to be told on "
                  "the running machine",
                  "" },
                { "connection by MAC address",
                  { { MANAGER, "" },
                    { KEYFILES "a", "[connection]\ntype=802-3-ethernet\n[802-3-ethernet]\n"
                                    "mac-address=0A:00\n[ipv4]\nmethod=auto\n" } },
                  "true by MAC",
                  "*(NetworkManager /etc/NetworkManager/system-connections/a:2)" },
                { "connection not at boot",
                  { { MANAGER, "" },
                    { KEYFILES "a", "[connection]\ntype=ethernet\nautoconnect=false\n[ipv4]\n"
                                    "method=auto\n" } },
                  "? it takes the card and may give it no address at boot",
                  "" },
                { "pattern",
                  { { MANAGER, "" },
                    { KEYFILES "a", "[connection]\ntype=ethernet\n[match]\n"
                                    "interface-name=eth*;en*\n[ipv4]\nmethod=auto\n" } },
                  "true",
                  "*(NetworkManager /etc/NetworkManager/system-connections/a:2)" },
                { "hands off, as on Ubuntu",
                  { { MANAGER, "" },
                    { "usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf",
                      "[keyfile]\nunmanaged-devices=*,except:type:wifi,except:type:gsm\n" } },
                  NOTHING,
                  "" },
                { "hands off, unless netplan says so",
                  { { MANAGER, "" },
                    { NETPLAN, "" },
                    { "etc/netplan/1.yaml", "network: {renderer: NetworkManager}\n" },
                    { "usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf",
                      "[keyfile]\nunmanaged-devices=*,except:type:wifi,except:type:gsm\n" } },
                  "true",
                  BY_ITSELF },
                { "unmanaged",
                  { { MANAGER, "" },
                    { "etc/NetworkManager/NetworkManager.conf",
                      "[keyfile]\nunmanaged-devices=mac:0a:00\n" } },
                  "? which cards NetworkManager leaves alone is not understood",
                  "" },
                { "bridge",
                  { { MANAGER, "" },
                    { "etc/NetworkManager/NetworkManager.conf", "[main]\nno-auto-default=*\n" },
                    { KEYFILES "a", "[connection]\ntype=bridge\n" } },
                  "? a connection of type bridge is not understood",
                  "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i]);
}

#define ETH0                                                                          \
        { NETPLAN, "" },                                                              \
        {                                                                             \
                "etc/netplan/1.yaml", "network: {ethernets: {eth0: {dhcp4: true}}}\n" \
        }
#define OLD        "eth0(netplan /etc/netplan/1.yaml:1)"
#define CLOUD_INIT "usr/bin/cloud-init"
#define RENDERER   "usr/lib/python3/dist-packages/cloudinit/net/netplan.py"
#define CLOUD_CFG  "etc/cloud/cloud.cfg.d/99.cfg"

static void test_cloud_init(void **state _unused_)
{
        static const struct row rows[] = {
                { "a later start",
                  { ETH0, { CLOUD_INIT, "" }, { "var/lib/cloud/instance", LINK "instances/i-0" } },
                  "false",
                  OLD },
                { "the first start",
                  { ETH0, { CLOUD_INIT, "" }, { RENDERER, "" } },
                  "true",
                  OLD " *(cloud-init /usr/bin/cloud-init:0)" },
                { "the first start, not on EC2",
                  { ETH0,
                    { CLOUD_INIT, "" },
                    { RENDERER, "" },
                    { CLOUD_CFG, "datasource_list: [ NoCloud ]\n" } },
                  "? cloud-init may configure the network at the first start of an instance, which "
                  "this volume has not seen",
                  OLD },
                { "at every start",
                  { ETH0,
                    { CLOUD_INIT, "" },
                    { "var/lib/cloud/instance", LINK "instances/i-0" },
                    { CLOUD_CFG, "updates:\n  network:\n    when: ['boot']\n" } },
                  "? cloud-init may be told to configure the network at every start, which is not "
                  "understood",
                  OLD },
                { "network off",
                  { ETH0, { CLOUD_INIT, "" }, { CLOUD_CFG, "network: {config: disabled}\n" } },
                  "false",
                  OLD },
                { "network off, in two lines",
                  { ETH0, { CLOUD_INIT, "" }, { CLOUD_CFG, "network:\n  config: disabled\n" } },
                  "false",
                  OLD },
                { "off",
                  { ETH0, { CLOUD_INIT, "" }, { "etc/cloud/cloud-init.disabled", "" } },
                  "false",
                  OLD },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_netplan),    cmocka_unit_test(test_networkd),
                cmocka_unit_test(test_ifcfg),      cmocka_unit_test(test_networkmanager),
                cmocka_unit_test(test_cloud_init),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
