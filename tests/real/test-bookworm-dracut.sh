#!/bin/sh
# Debian 12 with dracut: ready as built, because Debian's dracut makes images for any machine.
. "$(dirname "$0")/lib.sh"
use_root bookworm-dracut
baseline ready 'nvme-io-timeout warning fail'

dracut='in_root dracut --force --kver $(boot_kernel) --gzip /boot/initrd.img-$(boot_kernel)'
mutate 'image made with omit_drivers' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- "
        echo 'omit_drivers+=\" nvme \"' >etc/dracut.conf.d/90-local.conf
        $dracut"
mutate 'image cut off' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        'truncate -s -100000 boot/initrd.img-$(boot_kernel)'
mutate 'data volume by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
mutate 'rd.driver.blacklist=' 'nvme-blacklisted blocker fail' -- \
        'sed -i "s/net.ifnames=0/& rd.driver.blacklist=nvme/" boot/grub/grub.cfg'
mutate 'root=/dev/xvda1' 'cmdline-root-device blocker fail' -- \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
mutate 'eth0 without net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'
tap_end
