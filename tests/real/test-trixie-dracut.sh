#!/bin/sh
# Debian 13 with dracut: ready as built.
. "$(dirname "$0")/lib.sh"
use_root trixie-dracut
baseline ready 'nvme-io-timeout warning fail'

dracut='in_root dracut --force --kver $(boot_kernel) --gzip /boot/initrd.img-$(boot_kernel)'
mutate 'image made with the drivers of a Xen instance' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        in_root dracut --force --kver $(boot_kernel) --gzip --drivers "xen-blkfront ext4" /boot/initrd.img-$(boot_kernel)'
mutate 'blacklist in the root: dracut leaves it out of an image for any machine' 'nvme-blacklisted warning fail' -- "
        echo 'blacklist nvme' >etc/modprobe.d/hardening.conf
        $dracut"
mutate 'image cut off' 'initramfs-stale blocker fail' 'nvme-initramfs-missing blocker not-applicable' \
        'initramfs-baked-device-wait blocker not-applicable' 'initramfs-config-drops-nvme warning not-applicable' -- \
        'truncate -s -100000 boot/initrd.img-$(boot_kernel)'
mutate 'a number too large for nvme_core' 'nvme-io-timeout-out-of-range blocker fail' -- \
        'sed -i "s/net.ifnames=0/& nvme_core.io_timeout=4294967296/" boot/grub/grub.cfg'
mutate 'data volume by name, which the initramfs mounts' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 _netdev,x-initrd.mount 0 2" >>etc/fstab'
mutate 'rd.driver.blacklist=' 'nvme-blacklisted blocker fail' -- \
        'sed -i "s/net.ifnames=0/& rd.driver.blacklist=nvme/" boot/grub/grub.cfg'
tap_end
