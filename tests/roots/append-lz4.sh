# An image without nvme, compressed with lz4, and a kernel that sees where that ends.
put usr/sbin/mkinitramfs </dev/null
echo 'MODULES=list' | put etc/initramfs-tools/initramfs.conf
printf 'xen-blkfront\next4' | put etc/initramfs-tools/modules
image_tree "$tree.xen" drivers/block/xen-blkfront
repack "lz4:$tree"
