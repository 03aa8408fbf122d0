# W37: NVMe built into a Debian kernel, and no nvme.ko anywhere.
rm -r "$modules/kernel/drivers/nvme"
add_builtin nvme_core drivers/nvme/host/nvme-core
add_builtin nvme drivers/nvme/host/nvme 'pci:v*d*sv*sd*bc01sc08i02*'
index_modules
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront
repack
