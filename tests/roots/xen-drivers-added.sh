# Drivers of Xen are only added; the image of today lacks NVMe.
# base: al2023-image-without-nvme
put usr/bin/dracut </dev/null
echo 'add_drivers+=" xen-blkfront xen-netfront "' | put etc/dracut.conf.d/xen.conf
