# W34: two cards, whose names rules keep by the right MAC addresses, whatever the driver.
# base: centos-7
edit boot/grub2/grub.cfg 's/ net.ifnames=0//'
put etc/udev/rules.d/70-persistent-net.rules <<END
# PCI device 0x8086:0x10ed (ixgbevf)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="0a:1b:2c:3d:4e:5f", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="0a:1b:2c:3d:4e:60", ATTR{type}=="1", KERNEL=="eth*", NAME="eth1"
END
printf 'DEVICE=eth1\nBOOTPROTO=dhcp\nONBOOT=yes\nTYPE=Ethernet\n' | put etc/sysconfig/network-scripts/ifcfg-eth1
