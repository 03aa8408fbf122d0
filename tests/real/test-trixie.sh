#!/bin/sh
# Debian 13: compressed modules, microcode in front of the image. Ready as built.
. "$(dirname "$0")/lib.sh"
use_root trixie
baseline ready 'nvme-io-timeout warning fail'

mutate 'data volume by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
mutate 'image made with MODULES=list' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k all'
mutate 'image cut off after the microcode' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        'truncate -s -1000000 boot/initrd.img-$(boot_kernel)'
mutate 'nvme-core.ko.xz gone, but not from the image' 'nvme-driver-missing warning fail' \
        'initramfs-config-drops-nvme warning not-applicable' 'xen-driver-only-initramfs-lists warning not-applicable' \
        'uek-or-alternate-kernel warning pass' -- \
        'rm lib/modules/$(boot_kernel)/kernel/drivers/nvme/host/nvme-core.ko.xz'
mutate 'root=/dev/xvda1' 'cmdline-root-device blocker fail' -- \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
mutate 'eth0 without net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'
tap_end
