# W30: Upstart waits for a key when a device is missing, but for nobootwait.
# base: ubuntu
rm "$root/usr/sbin/init" "$root/usr/lib/systemd/systemd"
craft program "$root/usr/sbin/init" 62
put usr/sbin/initctl </dev/null
put etc/init/mountall.conf </dev/null
put usr/sbin/mountall </dev/null
edit usr/lib/os-release 's/22\.04/14.04/'
printf '%s\n' '/dev/xvdf /a ext4 defaults 0 2' '/dev/xvdg /b ext4 nobootwait 0 2' >>"$root/etc/fstab"
