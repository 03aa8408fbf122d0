# W50: modinfo nvme answers, but the image has no nvme, as MODULES=dep on Xen makes it.
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
repack
