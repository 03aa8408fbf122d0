# Services bound to a device unit, one in a drop-in, one that only a disk starts; one that nothing starts.
units=$root/etc/systemd/system
put etc/systemd/system/db.service <<'END'
[Unit]
BindsTo=dev-xvdf.device dev-disk-by\x2duuid-1234.device
After=dev-xvdf.device
ConditionPathExists=|/dev/xvdg

[Service]
ExecStart=/usr/bin/db
END
put etc/systemd/system/cron.service.d/disk.conf <<'END'
[Unit]
Requires=dev-sdh.device
END
put etc/systemd/system/idle.mount <<'END'
[Mount]
What=/dev/xvdi
Where=/idle
END
mkdir -p "$units/multi-user.target.wants" "$units/dev-xvdj.device.wants"
ln -s ../db.service "$units/multi-user.target.wants/"
ln -s /lib/systemd/system/cron.service "$units/multi-user.target.wants/"
ln -s ../db.service "$units/dev-xvdj.device.wants/"
