# A vendor's file, masked by a link to /dev/null.
echo 'blacklist ena' | put usr/lib/modprobe.d/vendor.conf
mkdir -p "$root/etc/modprobe.d"
ln -s /dev/null "$root/etc/modprobe.d/vendor.conf"
