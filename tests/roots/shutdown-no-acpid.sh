# CentOS 6 without acpid.
# base: centos-6-prepared
rm "$root/usr/sbin/acpid" "$root/etc/rc.d/rc3.d/S26acpid"
