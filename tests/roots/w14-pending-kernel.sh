# W14: a new kernel waits for the next boot, its image made for the Xen host only; the older one, which runs, is fine.
two_kernels
image_tree "$tree.newer" drivers/block/xen-blkfront drivers/net/xen-netfront
repack
kernel=5.10.0-28-amd64
modules=$root/usr/lib/modules/$kernel
image_tree_most "$tree.older-most"
repack
