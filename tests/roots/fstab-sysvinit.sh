# sysvinit: fsck of a missing device asks for the root password, a mount without fsck only fails.
rm "$root/usr/sbin/init" "$root/usr/lib/systemd/systemd"
craft program "$root/usr/sbin/init" 62
put etc/inittab <<END
id:2:initdefault:
END
printf '%s\n' '/dev/xvdf /a ext4 defaults 0 2' '/dev/xvdg /b ext4 defaults 0 0' '/dev/xvdh /c ext4 nofail 0 2' >>"$root/etc/fstab"
