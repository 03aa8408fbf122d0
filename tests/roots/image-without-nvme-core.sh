# An image with nvme and without nvme-core.
rm "$tree/usr/lib/modules/$kernel/kernel/drivers/nvme/host/nvme-core.ko"
repack
