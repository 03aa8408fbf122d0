# Ubuntu 20.04 on EC2: starts without the initramfs first (root=PARTUUID), netplan by MAC address.
. "$make_root_tools/make-deb-root.sh"
deb_root 5.15.0-1075-aws Ubuntu ubuntu 20.04 'Ubuntu 20.04.6 LTS'
nvme_builtin
add_ena_module
deb_image lz4
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
grub_config ubuntu-22.04-partuuid 'console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295'
edit boot/grub/grub.cfg 's,/boot/microcode.cpio ,,; /microcode.cpio$/d'
put etc/default/grub.d/40-force-partuuid.cfg <<END
# Force boot without an initramfs by setting GRUB_FORCE_PARTUUID
# Remove this line to enable boot with an initramfs
GRUB_FORCE_PARTUUID=4e32584e-01
END
put etc/default/grub.d/50-cloudimg-settings.cfg <<END
GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295"
GRUB_TIMEOUT=0
END
root_by_label defaults,discard
