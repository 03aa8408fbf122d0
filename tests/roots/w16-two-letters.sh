# W16: more than 24 volumes: xvdba.
echo '/dev/xvdba /data ext4 nofail 0 2
/dev/xvdba1 /more ext4 nofail 0 2' >>"$root/etc/fstab"
