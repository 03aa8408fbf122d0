# amazon-ec2-utils may make the names of the block device mapping on Nitro, too: that cannot be told.
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<'EOF'
KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"
KERNEL=="nvme[0-9]*n[0-9]*p[0-9]*", ENV{DEVTYPE}=="partition", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c%n"
EOF
put sbin/ebsnvme-id </dev/null
put etc/rc.local <<'EOF'
#!/bin/sh
mount /dev/sdf /data
swapon /dev/sdg
resize2fs /dev/sda1
blockdev --setra 4096 /dev/sdf
EOF
put usr/local/bin/freeze <<'EOF'
#!/bin/sh
xfs_freeze -f /dev/sdf
EOF
put etc/smartd.conf <<'EOF'
/dev/sdf -a
EOF
put etc/drbd.d/data.res <<'EOF'
resource data { on a { disk /dev/sdh; } }
EOF
put etc/sysconfig/docker-storage-setup <<'EOF'
DEVS=/dev/sdi
EOF
put etc/kdump.conf <<'EOF'
raw /dev/sdj
EOF
put etc/rear/local.conf <<'EOF'
BACKUP_URL=disk:///dev/sdk
COPY_AS_IS+=( /dev/sdk )
EOF
