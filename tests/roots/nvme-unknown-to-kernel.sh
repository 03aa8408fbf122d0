# A kernel without any NVMe driver.
rm -r "$modules/kernel/drivers/nvme"
index_modules
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront
repack
