# Kernel and image by links, as Debian has them: vmlinuz in the root, initrd.img in /boot leads to an image without NVMe.
# base: centos-6-prepared
edit boot/grub/grub.conf "s,/boot/vmlinuz-[^ ]*,/vmlinuz,; s,/boot/initramfs-.*,/boot/initrd.img,"
ln -s "boot/vmlinuz-$kernel" "$root/vmlinuz"
ln -s initramfs-old.img "$root/boot/initrd.img"
rm -r "$tree/lib/modules/$kernel/kernel/drivers/block/nvme.ko"
mv "$root/boot/initramfs-$kernel.img" "$root/boot/initramfs-new.img"
pack "$root/boot/initramfs-old.img" "gzip:$tree"
