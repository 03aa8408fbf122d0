# Scripts, cron jobs and services that know the disks of a Xen instance by name.
put etc/rc.local <<'EOF'
#!/bin/sh -e
# /dev/xvdz is gone since 2016
while [ ! -e /dev/xvdf ]; do sleep 1; done
blkid /dev/xvdf || mkfs.ext4 -q /dev/xvdf
mount /dev/xvdf /data
SCRATCH=${SCRATCH:-/dev/xvdb}
mkswap "$SCRATCH"
until test -b /dev/xvdg
do
        sleep 1
done
growpart /dev/xvda 1 || true
echo noop >/sys/block/xvda/queue/scheduler
EOF
put etc/cron.d/swap <<'EOF'
@reboot root swapon /dev/xvdc
EOF
put etc/systemd/system/data.service <<'EOF'
[Unit]
ConditionPathExists=/dev/xvdh
[Service]
Type=oneshot
ExecStart=/usr/sbin/vgcreate data \
        /dev/xvdh /dev/xvdi
EOF
put etc/systemd/system/data.service.d/check.conf <<'EOF'
[Service]
ExecStartPost=/sbin/xfs_repair -n /dev/xvdj
EOF
put usr/local/bin/snapshot <<'EOF'
#!/bin/bash
for disk in /dev/xvd[f-p]; do xfs_freeze -f "$disk"; done
EOF
put usr/local/sbin/agent <<'EOF'
a program, not a script: /dev/xvdk
EOF
