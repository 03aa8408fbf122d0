#!/bin/sh
# Debian 12 with the generic kernel, initramfs-tools and a second kernel: ready as built, because it
# keeps the kernel's interface names, names its disk by UUID, and its image was made with
# MODULES=most. Every mutation is a way in which people get such a machine to stay down.
. "$(dirname "$0")/lib.sh"
use_root bookworm
baseline ready 'nvme-io-timeout warning fail'

# ---- fstab ---------------------------------------------------------------------------------------

mutate 'root by name: systemd has mounted it by then' 'fstab-device-name warning fail' -- \
        'sed -i "s,^UUID=[^ ]*,/dev/xvda1," etc/fstab'
mutate 'data volume by name' 'fstab-device-name blocker pass' 'fstab-device-name blocker fail' -- \
        'echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
mutate 'data volume by name, nofail' 'fstab-device-name blocker pass' 'fstab-device-name warning fail' -- \
        'echo "/dev/xvdf /data ext4 defaults,nofail 0 2" >>etc/fstab'
mutate 'data volume by UUID' 'fstab-uuid-unresolved info unknown' -- \
        'echo "UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11 /data ext4 defaults 0 2" >>etc/fstab'

# ---- initial RAM disk ----------------------------------------------------------------------------

mutate 'image made with MODULES=list' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        kernel=$(boot_kernel)
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $kernel
        [ -e boot/initrd.img-$kernel ]'
mutate 'image made with MODULES=list, nvme in the list' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\nnvme\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $(boot_kernel)'
mutate_disk 'image made with MODULES=dep' 'nvme-initramfs-missing blocker fail' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        sed -i s/^MODULES=.*/MODULES=dep/ etc/initramfs-tools/initramfs.conf
        in_root update-initramfs -u -k $(boot_kernel)'
mutate 'image of the other kernel in its place' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- '
        kernel=$(boot_kernel)
        cp boot/initrd.img-*-cloud-amd64 boot/initrd.img-$kernel'
mutate 'only the other image lacks nvme' 'initramfs-config-drops-nvme warning fail' -- '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        in_root update-initramfs -u -k $(ls boot/initrd.img-*-cloud-amd64 | sed s,boot/initrd.img-,,)'
mutate 'image cut off' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        'truncate -s -100000 boot/initrd.img-$(boot_kernel)'
mutate 'image empty' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        ': >boot/initrd.img-$(boot_kernel)'
mutate 'image gone' 'initramfs-stale blocker fail' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-baked-device-wait blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' -- \
        'rm boot/initrd.img-$(boot_kernel)'

# ---- blacklists ----------------------------------------------------------------------------------

mutate 'blacklist in the image' 'nvme-blacklisted blocker fail' -- '
        mkdir -p extra/etc/modprobe.d
        echo "install nvme /bin/false" >extra/etc/modprobe.d/hardening.conf
        truncate -s %4 boot/initrd.img-$(boot_kernel) # the kernel looks for an archive at multiples of 4 only
        (cd extra && find . | cpio -o -H newc --quiet) >>boot/initrd.img-$(boot_kernel)
        rm -r extra'
mutate 'blacklist in the root, image not made anew' 'nvme-blacklisted warning fail' -- \
        'echo "blacklist nvme" >etc/modprobe.d/hardening.conf'
mutate 'blacklist in the root, image made anew' 'nvme-blacklisted blocker fail' 'nvme-blacklisted warning fail' \
        'initramfs-config-drops-nvme warning unknown' -- '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "%s\n" "#!/bin/sh" "[ \"\$1\" = prereqs ] && exit" ". /usr/share/initramfs-tools/hook-functions" \
                "manual_add_modules nvme" >etc/initramfs-tools/hooks/nvme
        chmod +x etc/initramfs-tools/hooks/nvme
        in_root update-initramfs -u -k $(boot_kernel)'
mutate 'module_blacklist= on the command line' 'nvme-blacklisted blocker fail' -- \
        'sed -i "s/net.ifnames=0/& module_blacklist=nvme/" boot/grub/grub.cfg'

# ---- boot entry ----------------------------------------------------------------------------------

mutate 'root=/dev/xvda1 written into grub.cfg' 'cmdline-root-device blocker fail' 'boot-other-entries warning fail' -- \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
mutate_disk 'grub-mkconfig with GRUB_DISABLE_LINUX_UUID' 'cmdline-root-device blocker fail' 'boot-other-entries warning fail' -- '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
mutate 'the default is the other kernel, which has the driver built in' 'nvme-initramfs-missing blocker not-applicable' \
        'initramfs-config-drops-nvme warning not-applicable' 'xen-driver-only-initramfs-lists warning not-applicable' -- \
        "sed -i 's/set default=\"1>2\"/set default=\"0\"/' boot/grub/grub.cfg"
mutate 'the default is the other kernel, which has no ENA driver' 'ena-driver-missing blocker fail' \
        'ena-driver-too-old blocker not-applicable' 'ena-dkms-wrong-kernel blocker not-applicable' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-config-drops-nvme warning not-applicable' \
        'xen-driver-only-initramfs-lists warning not-applicable' 'uek-or-alternate-kernel warning fail' -- "
        sed -i 's/set default=\"1>2\"/set default=\"0\"/' boot/grub/grub.cfg
        rm lib/modules/*-cloud-amd64/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
mutate 'the next boot only is the other kernel, which has no ENA driver' 'ena-driver-missing blocker fail' \
        'ena-driver-too-old blocker not-applicable' 'ena-dkms-wrong-kernel blocker not-applicable' \
        'nvme-initramfs-missing blocker not-applicable' 'initramfs-config-drops-nvme warning not-applicable' \
        'xen-driver-only-initramfs-lists warning not-applicable' 'uek-or-alternate-kernel warning fail' -- '
        in_root grub-editenv /boot/grub/grubenv set next_entry=0
        rm lib/modules/*-cloud-amd64/kernel/drivers/net/ethernet/amazon/ena/ena.ko'
mutate 'the other kernel is broken, and nobody starts it' 'boot-other-entries warning fail' -- '
        rm -r lib/modules/*-cloud-amd64 boot/initrd.img-*-cloud-amd64'

# ---- drivers -------------------------------------------------------------------------------------

mutate 'nvme.ko gone, but not from the image' 'nvme-driver-missing warning fail' \
        'initramfs-config-drops-nvme warning not-applicable' 'xen-driver-only-initramfs-lists warning not-applicable' 'uek-or-alternate-kernel warning fail' -- \
        'rm lib/modules/$(boot_kernel)/kernel/drivers/nvme/host/nvme.ko'
mutate 'nvme-core.ko gone, but not from the image' 'nvme-driver-missing warning fail' \
        'initramfs-config-drops-nvme warning not-applicable' 'xen-driver-only-initramfs-lists warning not-applicable' 'uek-or-alternate-kernel warning fail' -- \
        'rm lib/modules/$(boot_kernel)/kernel/drivers/nvme/host/nvme-core.ko'
mutate 'no ENA driver' 'ena-driver-missing blocker fail' \
        'ena-driver-too-old blocker not-applicable' 'ena-dkms-wrong-kernel blocker not-applicable' \
        'uek-or-alternate-kernel warning fail' -- '
        kernel=$(boot_kernel)
        rm -r lib/modules/$kernel/kernel/drivers/net/ethernet/amazon
        in_root depmod $kernel'

# ---- network -------------------------------------------------------------------------------------

mutate 'eth0 without net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'
mutate 'ens5 without net.ifnames=0' -- '
        sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg
        sed -i s/eth0/ens5/ etc/network/interfaces'
mutate 'ens5 with net.ifnames=0' 'net-predictable-rename blocker fail' -- \
        'sed -i s/eth0/ens5/ etc/network/interfaces'

mutate 'clocksource=xen' 'clocksource-xen info fail' -- \
        'sed -i "s/net.ifnames=0/& clocksource=xen/" boot/grub/grub.cfg'
tap_end
