# The root on NFS, with the ENA driver in the initramfs.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/nfs nfsroot=10.0.0.5:/srv/root ip=dhcp,"
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront lib/crc64-rocksoft block/t10-pi \
        drivers/nvme/host/nvme-core drivers/nvme/host/nvme drivers/net/ethernet/amazon/ena/ena
repack
