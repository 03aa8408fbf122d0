#!/bin/sh
# Debian 13 with the kernel made for clouds, /boot in a partition of its own: ready as built.
. "$(dirname "$0")/lib.sh"
use_root trixie-cloud
baseline ready 'fstab-uuid-unresolved info unknown' 'nvme-io-timeout warning fail'

mutate 'image made with MODULES=list: the kernel needs no module' 'fstab-uuid-unresolved info unknown' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        in_root update-initramfs -u -k $(boot_kernel)'
mutate '/boot by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' 'fstab-uuid-unresolved blocker pass' -- \
        'sed -i "s,^UUID=$boot_uuid,/dev/xvda2," etc/fstab'
mutate 'resume= by name' 'cmdline-resume-device warning fail' 'fstab-uuid-unresolved info unknown' -- \
        'sed -i "s,net.ifnames=0,& resume=/dev/xvdb1," boot/grub/grub.cfg'
mutate 'ens5 with net.ifnames=0' 'net-predictable-rename blocker fail' 'fstab-uuid-unresolved info unknown' -- \
        'sed -i s/eth0/ens5/ etc/network/interfaces'
mutate 'blacklist of ENA in the root, image not made anew' 'ena-blacklisted warning fail' 'fstab-uuid-unresolved info unknown' -- \
        'echo "blacklist ena" >etc/modprobe.d/hardening.conf'
mutate 'blacklist of ENA in the root, image made anew' 'ena-blacklisted blocker fail' 'fstab-uuid-unresolved info unknown' -- '
        echo "blacklist ena" >etc/modprobe.d/hardening.conf
        in_root update-initramfs -u -k $(boot_kernel)'
mutate_disk 'GRUB made anew with the names of the disk' 'cmdline-root-device blocker fail' -- '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
tap_end
