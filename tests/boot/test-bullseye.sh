#!/bin/sh
# Debian 11, kernel 5.10: initramfs-tools with gzip; dracut and the kernel for clouds.
. "$(dirname "$0")/lib.sh"
use_disk bullseye

boot_quick 'as built: eth0, and nothing that keeps the name' not-ready:net-predictable-rename no-network 'up eth0' -- :
boot 'root=/dev/xvda1, too' not-ready:cmdline-root-device,net-predictable-rename no-root 'up eth0' -- root_by_name
boot 'image without nvme, too' not-ready:net-predictable-rename,nvme-initramfs-missing no-root 'up eth0' -- image_for_xen
boot 'data volume by name, too' not-ready:fstab-device-name,net-predictable-rename emergency 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'net.ifnames=0 in grub.cfg only' ready:net-predictable-rename 'up eth0' 'up eth0' -- 'parameter net.ifnames=0'
boot 'allow-hotplug eth0, and ens5 beside it' ready:net-predictable-rename 'up ens5' 'up ens5' -- '
        printf "allow-hotplug ens5\niface ens5 inet dhcp\n" >etc/network/interfaces.d/nitro
        sed -i s/^auto.eth0/allow-hotplug\ eth0/ etc/network/interfaces'

use_disk bullseye-cloud-dracut
boot 'omit_drivers, but nvme is built in' ready:nvme-driver-missing 'up eth0' 'up eth0' -- dracut_for_xen
tap_end
