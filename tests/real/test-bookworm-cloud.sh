#!/bin/sh
# Debian 12 with the kernel made for clouds only, which has the NVMe driver built in: ready as built,
# whatever is in its initial RAM disk.
. "$(dirname "$0")/lib.sh"
use_root bookworm-cloud
baseline ready 'nvme-io-timeout warning fail'

mutate 'data volume by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
mutate 'swap by name' 'fstab-device-name blocker pass' 'fstab-device-name warning fail' -- \
        'echo "/dev/xvdb none swap sw 0 0" >>etc/fstab'
mutate 'image made with MODULES=list: the kernel needs no module' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k all'
mutate 'image compressed with another tool' -- '
        echo COMPRESS=gzip >etc/initramfs-tools/conf.d/compress
        in_root update-initramfs -u -k all'
mutate 'names outside of the boot' 'boot-scripts-device-names warning fail' 'nvme-hctl-scripts warning fail' \
        'monitoring-device-names info fail' 'udev-rules-names warning fail' 'grub-device-map info fail' -- '
        printf "#!/bin/sh\nmkfs.ext4 /dev/xvdf\ngrowpart /dev/xvda 1\n" >etc/rc.local
        echo "/dev/xvda -a" >etc/smartd.conf
        echo "KERNEL==\"xvdf\", SYMLINK+=\"data\"" >etc/udev/rules.d/99-data.rules
        echo "(hd0) /dev/xvda" >boot/grub/device.map'
mutate 'grub-pc told to write to a disk that is gone' 'grub-install-target warning fail' -- '
        echo "grub-pc grub-pc/install_devices multiselect /dev/xvda" | in_root debconf-set-selections'
mutate 'grub-pc told its id' 'grub-install-target warning pass' -- '
        echo "grub-pc grub-pc/install_devices multiselect /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123" |
                in_root debconf-set-selections'
mutate 'root=/dev/xvda1' 'cmdline-root-device blocker fail' -- \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
mutate 'eth0 without net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'
mutate 'kernel gone' 'boot-kernel-selection blocker unknown' 'ena-driver-missing blocker unknown' \
        'ena-dkms-wrong-kernel blocker unknown' 'ena-driver-too-old info unknown' \
        'nvme-blacklisted blocker unknown' 'ena-blacklisted blocker unknown' \
        'nvme-driver-missing blocker unknown' 'nvme-initramfs-missing blocker unknown' 'initramfs-stale blocker unknown' \
        'initramfs-config-drops-nvme warning pass' 'kernel-too-old blocker not-applicable' \
        'module-compression-unsupported info unknown' 'nvme-io-timeout-out-of-range blocker unknown' 'nvme-io-timeout warning unknown' \
        'nvme-param-unknown-old-kernel blocker unknown' 'nvme-max-retries info unknown' \
        'module-signature-enforced blocker unknown' 'pci-hotplug-support warning unknown' \
        'uek-or-alternate-kernel warning pass' 'xen-driver-only-initramfs-lists warning pass' -- \
        'rm boot/vmlinuz-*'
mutate 'blacklist of a driver that is built in' -- '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf'
mutate 'initcall_blacklist of it' 'nvme-blacklisted blocker fail' -- \
        'sed -i "s/net.ifnames=0/& initcall_blacklist=nvme_init/" boot/grub/grub.cfg'
tap_end
