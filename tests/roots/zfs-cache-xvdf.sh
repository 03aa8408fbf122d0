# A pool whose cache names a disk of Xen, and one that names its disk by id.
printf '\1\1\0\0path\0\0\0\13/dev/xvdf1\0\0\0phys\0/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0\0/dev/xvdf1\0' |
        put etc/zfs/zpool.cache
