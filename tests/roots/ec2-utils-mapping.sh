# amazon-ec2-utils: the names of the block device mapping live on, but nobody here knows the mapping.
put usr/sbin/ebsnvme-id </dev/null
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<'END'
KERNEL=="nvme[0-9]*n[0-9]*",        ENV{DEVTYPE}=="disk",      ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/usr/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"
KERNEL=="nvme[0-9]*n[0-9]*p[0-9]*", ENV{DEVTYPE}=="partition", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/usr/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c%n"
END
printf '%s\n' '/dev/sdf /data ext4 defaults 0 2' '/dev/xvdg /more ext4 nofail 0 2' >>"$root/etc/fstab"
