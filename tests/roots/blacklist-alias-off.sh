# alias ... off.
echo 'alias nvme off' >"$tree/etc/modprobe.d/local.conf"
repack
