#!/bin/sh
# Debian 11, gzip image. Not ready as built, for one reason: eth0 is configured, and nothing keeps
# that name where the card is a PCI device.
. "$(dirname "$0")/lib.sh"
use_root bullseye
baseline not-ready 'net-predictable-rename blocker fail' 'nvme-io-timeout warning fail'

mutate 'net.ifnames=0 makes it ready' 'net-predictable-rename blocker pass' -- \
        'sed -i "s/ttyS0,115200/& net.ifnames=0/" boot/grub/grub.cfg'
mutate 'so does the name of the new card' 'net-predictable-rename blocker pass' -- \
        'printf "allow-hotplug ens5\niface ens5 inet dhcp\n" >etc/network/interfaces.d/ens5'
mutate 'so does a masked 99-default.link' 'net-predictable-rename blocker pass' -- \
        'ln -s /dev/null etc/systemd/network/99-default.link'
mutate 'data volume by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
mutate 'image made with MODULES=list' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k all'
mutate 'image cut off' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        'truncate -s -100000 boot/initrd.img-$(boot_kernel)'
mutate 'root=/dev/xvda1' 'cmdline-root-device blocker fail' -- \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
tap_end
