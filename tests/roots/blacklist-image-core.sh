# A dependency is blacklisted by install.
echo 'install nvme-core /bin/false' >"$tree/etc/modprobe.d/local.conf"
repack
