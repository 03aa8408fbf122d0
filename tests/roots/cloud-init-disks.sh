# cloud-init that mounts, formats, grows and commands disks by their Xen names; what runs once does not in a resize.
put usr/bin/cloud-init </dev/null
put etc/cloud/cloud.cfg.d/90-disks.cfg <<'EOF'
# - [/dev/xvdz, /old]
growpart:
  mode: auto
  devices: ['/', /dev/xvda1]
bootcmd:
  - [cloud-init-per, once, data, mkfs.ext4, /dev/xvdf]
  - blkid /dev/xvde || mkfs.ext4 /dev/xvde
EOF
put var/lib/cloud/instance/cloud-config.txt <<'EOF'
#cloud-config
device_aliases: {logs: /dev/xvdh}
disk_setup:
  logs: {table_type: gpt, layout: true, overwrite: true}
fs_setup:
  - device: logs.1
    filesystem: xfs
mounts:
  - [xvdg, /data]
  - [ephemeral0, /mnt]
  - ["LABEL=logs", /logs]
runcmd:
  - |
    set -e
    mount /dev/xvdi /srv
EOF
put var/lib/cloud/instance/scripts/part-001 <<'EOF'
#!/bin/sh
mkfs.ext4 /dev/xvdj
growpart /dev/xvdk 1
EOF
