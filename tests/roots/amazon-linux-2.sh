# Amazon Linux 2 on EC2: NVMe built into the kernel, ENA a module; the network script, ec2-net-utils.
. "$make_root_tools/make-rpm-root.sh"
empty_root 4.14.268-205.500.amzn2.x86_64
add_builtin nvme_core drivers/nvme/host/nvme-core
add_builtin nvme drivers/nvme/host/nvme
add_module drivers/amazon/net/ena/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* \
        alias=pci:v00001D0Fd0000EC21sv*sd*bc*sc*i*
index_modules
dracut_image gzip $xen_modules
rm "$modules/modules.builtin.modinfo"
os_release 'Amazon Linux' 2 amzn 'Amazon Linux 2'
old_default_link
line='console=tty0 console=ttyS0,115200n8 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0'
older_kernel 4.14.26-54.32.amzn2.x86_64
grub2_config centos-7 "$line" 4.14.26-54.32.amzn2.x86_64
edit boot/grub2/grub.cfg 's/CentOS Linux (\(.*\)) 7 (Core)/Amazon Linux (\1) 2/; s/--class centos/--class amzn/; s/linux16 /linux /; s/initrd16 /initrd /'
grub2_env "saved_entry=Amazon Linux ($kernel) 2"
use_network_script
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
put usr/sbin/ebsnvme-id </dev/null
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<'END'
KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{serial}=="?*", ATTRS{model}=="?*", SYMLINK+="disk/by-id/nvme-$attr{model}_$attr{serial}-ns-%n", OPTIONS+="string_escape=replace"
KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"
KERNEL=="nvme[0-9]*n[0-9]*p[0-9]*", ENV{DEVTYPE}=="partition", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c%n"
END
put etc/fstab <<END
#
UUID=$uuid     /           xfs    defaults,noatime  1   1
END
put etc/default/grub <<END
GRUB_CMDLINE_LINUX_DEFAULT="$line"
GRUB_TIMEOUT=0
GRUB_DISABLE_RECOVERY="true"
END
