# ENA is blacklisted in the root.
echo 'blacklist ena' | put etc/modprobe.d/local.conf
