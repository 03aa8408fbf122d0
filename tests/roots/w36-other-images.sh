# W36: the image of the default entry lacks nvme; an old copy of it and that of the older kernel have it.
two_kernels
cp "$root/boot/initrd.img-$kernel" "$root/boot/initrd.img-$kernel.bak"
cp "$root/boot/initrd.img-$kernel" "$root/boot/initrd.img-5.10.0-28-amd64"
image_tree "$tree.newer" drivers/block/xen-blkfront drivers/net/xen-netfront
repack
