# W28: blacklist in the image.
echo 'blacklist nvme' >"$tree/etc/modprobe.d/local.conf"
repack
