# Bytes that are no UTF-8, and a terminal escape.
printf '/dev/xvdf /d\344t\033[31ma ext4 defaults 0 2\n' >>"$root/etc/fstab"
