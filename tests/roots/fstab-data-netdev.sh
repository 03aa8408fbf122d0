# Wanted by remote-fs.target, which nothing needs for a login.
echo '/dev/xvdf /data ext4 _netdev 0 0' >>"$root/etc/fstab"
