# ENA is blacklisted in the initramfs only; it is loaded from the root.
image_tree "$tree.ena" drivers/nvme/host/nvme-core drivers/nvme/host/nvme lib/crc64-rocksoft \
        block/t10-pi drivers/net/ethernet/amazon/ena/ena
echo 'blacklist ena' >"$tree/etc/modprobe.d/local.conf"
repack
