# One NVMe name, and a volume by its id.
printf '%s\n' '/dev/nvme1n1 /data ext4 defaults,nofail 0 2' \
        '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0-part1 /logs ext4 defaults,nofail 0 2' >>"$root/etc/fstab"
