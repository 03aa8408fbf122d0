# Looks like trouble with the time and is none: DHCP names the servers, Xen's wall clock is a comment
# or forgiven, the local time is UTC, and tsc=reliable.
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s /usr/lib/systemd/system/chrony.service "$root/etc/systemd/system/multi-user.target.wants/"
printf 'sourcedir /run/chrony-dhcp\n#refclock PHC /dev/ptp0\n' | put etc/chrony/chrony.conf
printf '# xen.independent_wallclock=1\n-xen.independent_wallclock=1\n' | put etc/sysctl.conf
mkdir -p "$root/etc/sysctl.d"
ln -s ../sysctl.conf "$root/etc/sysctl.d/99-sysctl.conf"
printf '0.0 0 0.0\n0\nLOCAL\n' | put etc/adjtime
ln -s /usr/share/zoneinfo/Etc/UTC "$root/etc/localtime"
edit boot/grub/grub.cfg 's/net.ifnames=0/& tsc=reliable clocksource=tsc/'
