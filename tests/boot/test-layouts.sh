#!/bin/sh
# Machines made otherwise: xfs with /boot of its own, dracut, the kernel for clouds, SysV
# init; and the names of network cards.
. "$(dirname "$0")/lib.sh"
use_disk bookworm-xfs
boot_quick 'as built, MODULES=dep' not-ready:nvme-initramfs-missing no-root 'up eth0' -- :
boot '/boot by name, too' not-ready:fstab-device-name,nvme-initramfs-missing no-root 'up eth0' -- \
        'sed -i "s,^UUID=$boot_uuid,/dev/xvda2," etc/fstab'

use_disk bookworm-dracut
boot 'omit_drivers' not-ready:nvme-initramfs-missing no-root 'up eth0' -- dracut_for_xen
boot 'omit_drivers, made anew by its own tool' not-ready:nvme-initramfs-missing no-root 'up eth0' --chroot -- dracut_for_xen

# It has the driver and ext4 built in.
use_disk bookworm-cloud
without_initramfs='sed -i "/^[[:space:]]*initrd/d; s,root=UUID=[^ ]*,root=PARTUUID=4e32584e-01," boot/grub/grub.cfg'
boot 'no initramfs, root=PARTUUID=, no rootwait' ready:initramfs-less-boot 'up eth0' 'up eth0' -- "$without_initramfs"
boot 'no initramfs, root=UUID=' not-ready:initramfs-less-boot no-root 'no-root, exit 1' -- \
        'sed -i "/^[[:space:]]*initrd/d" boot/grub/grub.cfg'

# SysV init, which asks fsck before it mounts, and for a mount alone does not stop.
use_disk bookworm-sysvinit
boot 'data volume by name, fsck pass 2' not-ready:fstab-device-name emergency 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'root by name in fstab, and an initramfs without fsck' not-ready:fstab-root-check emergency 'up eth0' -- \
        'sed -i "s,^UUID=[^ ]*,/dev/xvda1," etc/fstab'
boot 'data volume by name, no fsck' ready:fstab-device-name 'up eth0' 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 0" >>etc/fstab'
boot 'eth0 without net.ifnames=0' not-ready:net-predictable-rename no-network 'up eth0' -- without_ifnames

use_disk bookworm
boot 'eth0 without net.ifnames=0' not-ready:net-predictable-rename no-network 'up eth0' -- without_ifnames
boot 'ens5 without net.ifnames=0' ready:net-predictable-rename 'up ens5' 'up ens5' -- \
        'without_ifnames; sed -i s/eth0/ens5/ etc/network/interfaces'
tap_end
