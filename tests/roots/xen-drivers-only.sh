# dracut is told of all drivers there are, those of Xen; the image has no NVMe.
# base: al2023-image-without-nvme
put usr/bin/dracut </dev/null
echo 'drivers+=" xen-blkfront xen-netfront "' | put etc/dracut.conf.d/xen.conf
