# nvme is in the image, but for another kernel.
mkdir -p "$tree/usr/lib/modules/5.10.0-28-amd64/kernel/drivers"
mv "$tree/usr/lib/modules/$kernel/kernel/drivers/nvme" "$tree/usr/lib/modules/5.10.0-28-amd64/kernel/drivers/nvme"
repack
