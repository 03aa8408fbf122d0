# blacklist in the root only: the image has loaded the driver by then.
echo 'blacklist nvme' | put etc/modprobe.d/local.conf
