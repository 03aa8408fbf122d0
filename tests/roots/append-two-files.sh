# Microcode in a file of its own, and an image without nvme whose lib is no link.
image_tree "$tree.xen" drivers/block/xen-blkfront
rm "$tree/lib"
mv "$tree/usr/lib" "$tree/"
rmdir "$tree/usr"
mkdir -p "$tree.microcode/kernel/x86/microcode"
head -c 2048 /dev/zero >"$tree.microcode/kernel/x86/microcode/AuthenticAMD.bin"
pack "$root/boot/microcode.cpio" "cpio:$tree.microcode"
edit boot/grub/grub.cfg 's,initrd\t,&/boot/microcode.cpio ,'
repack "gzip:$tree"
