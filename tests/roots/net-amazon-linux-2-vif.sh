# Amazon Linux 2, and a rule that names eth0 by Xen's driver.
edit usr/lib/os-release 's/^VERSION_ID=.*/VERSION_ID="2"/; s/^ID=.*/ID="amzn"/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
put etc/rc.d/rc3.d/S10network </dev/null
put etc/udev/rules.d/75-persistent-net-generator.rules <<END
ACTION!="add", GOTO="persistent_net_generator_end"
SUBSYSTEM!="net", GOTO="persistent_net_generator_end"
NAME=="?*", GOTO="persistent_net_generator_end"
KERNEL!="eth*", GOTO="persistent_net_generator_end"
IMPORT{program}="write_net_rules"
ENV{INTERFACE_NEW}=="?*", NAME="\$env{INTERFACE_NEW}"
LABEL="persistent_net_generator_end"
END
put etc/udev/rules.d/70-persistent-net.rules <<END
# elastic network interface
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="0a:1b:2c:3d:4e:5f", KERNEL=="eth*", NAME="eth0"
END
put etc/sysconfig/network-scripts/ifcfg-eth0 <<END
DEVICE=eth0
BOOTPROTO=dhcp
ONBOOT=yes
TYPE=Ethernet
USERCTL=yes
PEERDNS=yes
DHCPV6C=yes
DHCPV6C_OPTIONS=-nw
PERSISTENT_DHCLIENT=yes
RES_OPTIONS="timeout:2 attempts:5"
DHCP_ARP_CHECK=no
END
edit etc/udev/rules.d/70-persistent-net.rules 's/"?\*"/"vif"/'
