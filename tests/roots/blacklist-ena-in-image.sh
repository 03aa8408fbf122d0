# ENA is blacklisted in the root, but the initramfs loads it before.
image_tree "$tree.ena" drivers/nvme/host/nvme-core drivers/nvme/host/nvme lib/crc64-rocksoft \
        block/t10-pi drivers/net/ethernet/amazon/ena/ena
repack
echo 'blacklist ena' | put etc/modprobe.d/local.conf
