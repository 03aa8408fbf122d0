# Ubuntu 24.04 on EC2: on Xen the card is enX0, and netplan keeps that name by MAC address.
. "$make_root_tools/make-deb-root.sh"
deb_root 6.8.0-1029-aws Ubuntu ubuntu 24.04 'Ubuntu 24.04.2 LTS'
nvme_builtin
add_ena_module
compress_modules zstd
deb_image zstd
use_netplan <<END
network:
  version: 2
  ethernets:
    enX0:
      match:
        macaddress: "0a:1b:2c:3d:4e:5f"
      dhcp4: true
      dhcp4-overrides:
        route-metric: 100
      dhcp6: false
      set-name: "enX0"
END
cloud_init_done
grub_config ubuntu-22.04-partuuid 'console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295'
add_microcode
printf 'LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,commit=30,errors=remount-ro\t0 1\nLABEL=UEFI\t/boot/efi\tvfat\tumask=0077\t0 1\n' |
        put etc/fstab
mkdir "$root/boot/efi"
