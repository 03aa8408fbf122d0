# An image for paravirtual instances: it has a menu for Amazon's PV-GRUB, and no boot loader.
# base: centos-6-prepared
rm "$root/boot/grub/stage1" "$root/boot/grub/stage2" "$root/boot/grub/e2fs_stage1_5"
