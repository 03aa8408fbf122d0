# Ubuntu 16.04 on EC2: ifupdown as cloud-init wrote it on Xen, with its rule that keeps the name by MAC address.
. "$make_root_tools/make-deb-root.sh"
deb_root 4.4.0-1128-aws Ubuntu ubuntu 16.04 'Ubuntu 16.04.7 LTS'
nvme_builtin
add_ena_module
deb_image gzip
split_usr
no_builtin_modinfo
printf '[Link]\nNamePolicy=kernel database onboard slot path\nMACAddressPolicy=persistent\n' |
        put lib/systemd/network/99-default.link
put sbin/ifup </dev/null
enable networking.service
put etc/network/interfaces <<END
# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

# The loopback network interface
auto lo
iface lo inet loopback

# Source interfaces
# Please check /etc/network/interfaces.d before changing this file
# as interfaces may have been defined in /etc/network/interfaces.d
# See LP: #1262951
source /etc/network/interfaces.d/*.cfg
END
put etc/network/interfaces.d/50-cloud-init.cfg <<END
# This file is generated from information provided by
# the datasource.  Changes to it will not persist across an instance.
# To disable cloud-init's network configuration capabilities, write a file
# /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg with the following:
# network: {config: disabled}
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp
END
put etc/udev/rules.d/70-persistent-net.rules <<END
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="0a:1b:2c:3d:4e:5f", NAME="eth0"
END
cloud_init_done
ubuntu_menu 'console=tty1 console=ttyS0'
root_by_label defaults,discard
