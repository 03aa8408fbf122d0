# W47: with amazon-ec2-utils /dev/sda1 is there on Nitro, but it is the whole disk. It never helps root=.
put usr/sbin/ebsnvme-id </dev/null
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<'END'
KERNEL=="nvme[0-9]*n[0-9]*",        ENV{DEVTYPE}=="disk",      ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/usr/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"
KERNEL=="nvme[0-9]*n[0-9]*p[0-9]*", ENV{DEVTYPE}=="partition", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/usr/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c%n"
END
edit etc/fstab "s,UUID=$uuid,/dev/sda1,"
echo '/dev/sda1 /data ext4 defaults 0 2' >>"$root/etc/fstab"
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/sda1,"
