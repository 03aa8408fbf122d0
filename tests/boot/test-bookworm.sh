#!/bin/sh
# Debian 12, kernel 6.1: initramfs-tools with zstd; xfs with /boot of its own; dracut.
. "$(dirname "$0")/lib.sh"
use_disk bookworm

boot_quick 'root=/dev/xvda1' not-ready no-root 'up eth0' -- root_by_name
boot 'GRUB made anew with the names of the disk' not-ready no-root 'up eth0' -- '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
boot_quick 'image without nvme' not-ready no-root 'up eth0' -- image_for_xen
boot_quick 'data volume by name' not-ready emergency 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'data volume by its place on the Xen bus' not-ready emergency 'up eth0 /data' -- \
        'echo "/dev/disk/by-path/xen-vbd-51792 /data ext4 defaults 0 2" >>etc/fstab'
boot 'xenfs' not-ready emergency 'up eth0' -- \
        'echo "xenfs /proc/xen xenfs defaults 0 0" >>etc/fstab'
boot_quick 'swap by name, no time limit' not-ready hang 'up eth0 swap' -- \
        'echo "/dev/xvdb none swap sw,x-systemd.device-timeout=infinity 0 0" >>etc/fstab'
boot 'blacklist in the image' not-ready no-root 'up eth0' --confirm nvme-blacklisted -- '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'install nvme_core /bin/false in the image' not-ready no-root 'up eth0' --confirm nvme-blacklisted -- '
        echo "install nvme_core /bin/false" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'modprobe.blacklist=nvme' not-ready no-root 'up eth0' --confirm nvme-blacklisted -- \
        'parameter modprobe.blacklist=nvme'
boot 'a number too large for nvme_core' not-ready no-root 'up eth0' -- \
        'parameter nvme_core.io_timeout=4294967296'
boot_quick 'eth0 without net.ifnames=0' not-ready no-network 'up eth0' -- without_ifnames

# What comes up all the same.
boot_quick 'as built' ready 'up eth0' 'up eth0' -- :
boot 'root by name in fstab' ready 'up eth0' 'up eth0' -- \
        'sed -i "s,^UUID=[^ ]*,/dev/xvda1," etc/fstab'
boot_quick 'data volume by name, nofail' ready 'up eth0' 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults,nofail 0 2" >>etc/fstab'
boot 'data volume by name, noauto' ready 'up eth0' 'up eth0' -- \
        'echo "/dev/xvdf /data ext4 defaults,noauto 0 2" >>etc/fstab'
boot 'data volume by name, as a comment' ready 'up eth0' 'up eth0' -- \
        'echo "#/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'swap by name, nofail' ready 'up eth0' 'up eth0 swap' -- \
        'echo "/dev/xvdb none swap sw,nofail 0 0" >>etc/fstab'
boot 'resume=/dev/xvdb' ready 'up eth0' 'up eth0' -- 'parameter resume=/dev/xvdb'
boot 'clocksource=xen' ready 'up eth0' 'up eth0' -- 'parameter clocksource=xen'
boot 'blacklist in the root only' ready 'up eth0' 'up eth0' -- \
        'echo "blacklist nvme" >etc/modprobe.d/hardening.conf'
boot 'blacklist of nvme_core in the image: a dependency loads all the same' ready 'up eth0' 'up eth0' -- '
        echo "blacklist nvme_core" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'the largest numbers nvme_core takes' ready 'up eth0' 'up eth0' -- \
        'parameter nvme_core.max_retries=255 nvme_core.io_timeout=4294967295'
boot 'a number too large for nvme_core, in the root only' ready 'up eth0' 'up eth0' -- \
        'echo "options nvme_core max_retries=256" >etc/modprobe.d/nvme.conf'
boot 'another entry is broken' ready 'up eth0' 'up eth0' -- \
        'sed -i "/vmlinuz-.*cloud/s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
boot 'ens5 without net.ifnames=0' ready 'up ens5' 'up ens5' -- \
        'without_ifnames; sed -i s/eth0/ens5/ etc/network/interfaces'

# The kernel for clouds has the driver and ext4 built in.
use_disk bookworm-cloud
without_initramfs='sed -i "/^[[:space:]]*initrd/d; s,root=UUID=[^ ]*,root=PARTUUID=4e32584e-01," boot/grub/grub.cfg'
boot 'no initramfs, root=PARTUUID=, no rootwait' ready 'up eth0' 'up eth0' -- "$without_initramfs"
boot 'no initramfs, root=PARTUUID=, rootwait' ready 'up eth0' 'up eth0' -- \
        "$without_initramfs; parameter rootwait"
boot 'no initramfs, root=UUID=' not-ready no-root no-root -- \
        'sed -i "/^[[:space:]]*initrd/d" boot/grub/grub.cfg'

use_disk bookworm-xfs
boot_quick 'as built, MODULES=dep' not-ready no-root 'up eth0' -- :
boot '/boot by name, too' not-ready no-root 'up eth0' -- \
        'sed -i "s,^UUID=$boot_uuid,/dev/xvda2," etc/fstab'

use_disk bookworm-dracut
boot 'omit_drivers' not-ready no-root 'up eth0' -- dracut_for_xen
tap_end
