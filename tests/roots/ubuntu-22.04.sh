# Ubuntu 22.04 on EC2: the image of zstd with microcode before it, netplan by MAC address.
. "$make_root_tools/make-deb-root.sh"
deb_root 6.8.0-1021-aws Ubuntu ubuntu 22.04 'Ubuntu 22.04.5 LTS'
nvme_builtin
add_ena_module
deb_image zstd
use_netplan <<END
# This file is generated from information provided by the datasource.  Changes
# to it will not persist across an instance reboot.  To disable cloud-init's
# network configuration capabilities, write a file
# /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg with the following:
# network: {config: disabled}
network:
    ethernets:
        eth0:
            dhcp4: true
            dhcp6: false
            match:
                macaddress: 0a:1b:2c:3d:4e:5f
            set-name: eth0
    version: 2
END
cloud_init_done
grub_config ubuntu-22.04 'console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295'
add_microcode
put etc/default/grub.d/50-cloudimg-settings.cfg <<END
GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295"
GRUB_TIMEOUT=0
END
printf 'LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,errors=remount-ro\t0 1\nLABEL=UEFI\t/boot/efi\tvfat\tumask=0077\t0 1\n' |
        put etc/fstab
mkdir "$root/boot/efi"
