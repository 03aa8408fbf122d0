# Only modules whose names look alike: nvme-tcp, nvme-fabrics, nvmem.
rm "$modules/kernel/drivers/nvme/host/nvme.ko"
add_module drivers/nvmem/nvmem-core
index_modules
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/nvme/host/nvme-core drivers/nvme/host/nvme-fabrics drivers/nvme/host/nvme-tcp drivers/nvmem/nvmem-core
repack
