# install with a command that loads the driver in the end.
echo 'install nvme /sbin/modprobe --ignore-install nvme && /usr/local/sbin/note' >"$tree/etc/modprobe.d/local.conf"
repack
