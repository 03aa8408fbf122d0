# ENA is in the initramfs, and blacklisted there and in the root.
image_tree "$tree.ena" drivers/nvme/host/nvme-core drivers/nvme/host/nvme lib/crc64-rocksoft \
        block/t10-pi drivers/net/ethernet/amazon/ena/ena
echo 'blacklist ena' | put etc/modprobe.d/local.conf
cp "$root/etc/modprobe.d/local.conf" "$tree/etc/modprobe.d/"
repack
