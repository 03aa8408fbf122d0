#!/bin/sh
# Debian 12 on xfs, with /boot in a partition of its own. Not ready as built: MODULES=dep made its
# image for the Xen instance.
. "$(dirname "$0")/lib.sh"
use_root bookworm-xfs
baseline not-ready 'fstab-uuid-unresolved info unknown' 'nvme-initramfs-missing blocker fail' 'nvme-io-timeout warning fail'

mutate 'image made with MODULES=most' 'nvme-initramfs-missing blocker pass' \
        'initramfs-config-drops-nvme warning pass' 'fstab-uuid-unresolved info unknown' -- '
        sed -i s/^MODULES=.*/MODULES=most/ etc/initramfs-tools/initramfs.conf
        in_root update-initramfs -u -k $(boot_kernel)'
mutate_disk 'nvme in the list beside MODULES=dep' 'nvme-initramfs-missing blocker pass' \
        'initramfs-config-drops-nvme warning pass' -- '
        echo nvme >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $(boot_kernel)'
mutate_disk 'GRUB made anew with the names of the disk' 'cmdline-root-device blocker fail' -- '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
mutate '/boot by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' 'fstab-uuid-unresolved blocker pass' -- \
        'sed -i "s,^UUID=$boot_uuid,/dev/xvda2," etc/fstab'
mutate '/boot by name, nofail' 'fstab-device-name blocker pass' 'fstab-device-name warning fail' 'fstab-uuid-unresolved blocker pass' -- \
        'sed -i "s,^UUID=$boot_uuid /boot ext4 defaults,/dev/xvda2 /boot ext4 defaults\,nofail," etc/fstab'
mutate 'a second line for /boot, which systemd does not read' 'fstab-device-name blocker pass' 'fstab-device-name info fail' 'fstab-uuid-unresolved info unknown' -- \
        'echo "/dev/xvda2 /boot ext4 defaults 0 2" >>etc/fstab'
mutate 'an xfs whose log is on a device by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' 'fstab-uuid-unresolved info unknown' -- \
        'echo "LABEL=data /data xfs logdev=/dev/xvdg1 0 0" >>etc/fstab'
mutate '/boot not mounted' 'boot-kernel-selection blocker unknown' 'clocksource-xen warning unknown' \
        'cstate-tuning info unknown' \
        'cmdline-resume-device warning unknown' 'cmdline-root-device blocker unknown' \
        'cmdline-rootflags-device blocker unknown' \
        'ena-blacklisted blocker unknown' 'ena-driver-missing blocker unknown' \
        'initramfs-less-boot blocker unknown' 'initramfs-stale blocker unknown' \
        'net-predictable-rename blocker unknown' 'nvme-blacklisted blocker unknown' \
        'nvme-driver-missing blocker unknown' 'nvme-initramfs-missing blocker unknown' \
        'nvme-io-timeout-out-of-range blocker unknown' 'xen-kernel-params info unknown' \
        'initramfs-config-drops-nvme warning unknown' 'boot-other-entries warning unknown' \
        'ena-dkms-wrong-kernel blocker unknown' 'ena-driver-too-old info unknown' \
        'initramfs-baked-device-wait blocker unknown' 'kernel-too-old blocker not-applicable' \
        'nvme-io-timeout warning unknown' 'module-compression-unsupported info unknown' 'fstab-uuid-unresolved info unknown' \
        'pci-msi-acpi-disabled blocker unknown' 'fips-boot-device blocker unknown' 'slow-root-appearance warning unknown' \
        'console-hvc0 blocker unknown' 'console-serial-missing info unknown' 'ena-needed-in-initramfs blocker unknown' \
        'nvme-param-unknown-old-kernel blocker unknown' 'nvme-max-retries info unknown' \
        'module-signature-enforced blocker unknown' 'pci-hotplug-support warning unknown' \
        'uek-or-alternate-kernel warning unknown' 'kdump-broken info unknown' 'vcpu-limit warning unknown' -- \
        'umount boot'
tap_end
