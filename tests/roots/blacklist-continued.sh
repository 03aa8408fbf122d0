# One directive on two lines.
echo 'blacklist \\
  ena' | put etc/modprobe.d/local.conf
