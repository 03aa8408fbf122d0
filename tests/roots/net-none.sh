# No network configuration of any kind.
rm "$root/etc/network/interfaces" "$root/usr/sbin/ifup"
