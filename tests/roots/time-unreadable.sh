# Directories where files about the time should be.
mkdir -p "$root/etc/sysctl.conf" "$root/etc/adjtime" "$root/etc/chrony/chrony.conf" "$root/etc/systemd/system/multi-user.target.wants"
ln -s /usr/lib/systemd/system/chrony.service "$root/etc/systemd/system/multi-user.target.wants/"
