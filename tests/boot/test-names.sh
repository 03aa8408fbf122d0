#!/bin/sh
# Names of disks: for the kernel, in fstab, in the menu.
. "$(dirname "$0")/lib.sh"
use_disk bookworm

boot_quick 'root=/dev/xvda1' not-ready:cmdline-root-device no-root 'up eth0' -- root_by_name
boot 'GRUB made anew with the names of the disk' not-ready:cmdline-root-device no-root 'up eth0' -- '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
boot_quick 'data volume by name' not-ready:fstab-device-name emergency 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'data volume by its place on the Xen bus' not-ready:by-path-xen emergency 'up eth0 /data' -- \
        'echo "/dev/disk/by-path/xen-vbd-51792 /data ext4 defaults 0 2" >>etc/fstab'
boot 'xenfs' not-ready:fstab-xenfs emergency 'up eth0' -- \
        'echo "xenfs /proc/xen xenfs defaults 0 0" >>etc/fstab'
boot 'swap by name, no time limit' not-ready:fstab-device-name hang 'up eth0 swap' -- \
        'echo "/dev/xvdb none swap sw,x-systemd.device-timeout=infinity 0 0" >>etc/fstab'

# What comes up all the same.
boot 'root by name in fstab' ready:fstab-device-name 'up eth0' 'up eth0' -- \
        'sed -i "s,^UUID=[^ ]*,/dev/xvda1," etc/fstab'
boot_quick 'data volume by name, nofail' ready:fstab-device-name 'up eth0' 'up eth0 /data' -- \
        'echo "/dev/xvdf /data ext4 defaults,nofail 0 2" >>etc/fstab'
boot 'data volume by name, noauto' ready:fstab-device-name 'up eth0' 'up eth0' -- \
        'echo "/dev/xvdf /data ext4 defaults,noauto 0 2" >>etc/fstab'
boot 'swap by name, nofail' ready:fstab-device-name 'up eth0' 'up eth0 swap' -- \
        'echo "/dev/xvdb none swap sw,nofail 0 0" >>etc/fstab'
boot 'resume=/dev/xvdb' ready:cmdline-resume-device 'up eth0' 'up eth0' -- 'parameter resume=/dev/xvdb'
boot 'another entry is broken' ready:boot-other-entries 'up eth0' 'up eth0' -- \
        'sed -i "/vmlinuz-.*cloud/s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
tap_end
