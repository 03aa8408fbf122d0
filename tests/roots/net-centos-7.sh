# The network of CentOS 7's image: ifcfg-eth0, the network script, net.ifnames=0.
edit usr/lib/os-release 's/^VERSION_ID=.*/VERSION_ID="7"/; s/^ID=.*/ID="centos"/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
put etc/rc.d/rc3.d/S10network </dev/null
put usr/lib/udev/rules.d/60-net.rules <<END
ACTION=="add", SUBSYSTEM=="net", DRIVERS=="?*", ATTR{type}=="1", PROGRAM="/lib/udev/rename_device", RESULT=="?*", NAME="\$result"
END
put etc/sysconfig/network-scripts/ifcfg-lo <<END
DEVICE=lo
IPADDR=127.0.0.1
ONBOOT=yes
END
put etc/sysconfig/network-scripts/ifcfg-eth0 <<END
DEVICE="eth0"
BOOTPROTO="dhcp"
ONBOOT="yes"
TYPE="Ethernet"
USERCTL="yes"
PEERDNS="yes"
IPV6INIT="no"
PERSISTENT_DHCLIENT="1"
END
