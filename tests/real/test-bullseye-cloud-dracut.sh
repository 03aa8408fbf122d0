#!/bin/sh
# Debian 11 with the kernel made for clouds, which has the NVMe driver built in, and dracut. Ready as built.
. "$(dirname "$0")/lib.sh"
use_root bullseye-cloud-dracut
baseline ready 'nvme-io-timeout warning fail'

mutate 'image made with omit_drivers: the kernel needs no module' -- '
        echo "omit_drivers+=\" nvme xen-blkfront \"" >etc/dracut.conf.d/90-local.conf
        in_root dracut --force --kver $(boot_kernel) --gzip /boot/initrd.img-$(boot_kernel)'
mutate 'image gone' 'initramfs-stale blocker fail' 'initramfs-baked-device-wait blocker not-applicable' -- \
        'rm boot/initrd.img-$(boot_kernel)'
mutate 'data volume by name, mounted on access' 'fstab-device-name blocker pass' 'fstab-device-name warning fail' -- \
        'echo "/dev/xvdf /data ext4 noauto,x-systemd.automount 0 0" >>etc/fstab'
mutate 'data volume by name that a unit of the boot requires' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 noauto,x-systemd.required-by=local-fs.target 0 0" >>etc/fstab'
mutate 'initcall_blacklist of the driver' 'nvme-blacklisted blocker fail' -- \
        'sed -i "s/net.ifnames=0/& initcall_blacklist=nvme_init/" boot/grub/grub.cfg'
mutate 'no ENA driver' 'ena-driver-missing blocker fail' \
        'ena-driver-too-old blocker not-applicable' 'ena-dkms-wrong-kernel blocker not-applicable' \
        'uek-or-alternate-kernel warning pass' -- '
        kernel=$(boot_kernel)
        rm -r lib/modules/$kernel/kernel/drivers/net/ethernet/amazon
        in_root depmod $kernel'
mutate 'eth0 without net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'
tap_end
