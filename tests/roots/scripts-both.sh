# Trap: scripts that are right on both, names in comments, in longer words and paths, and of disks that stay.
put etc/rc.local <<'EOF'
#!/bin/sh
# mkfs.ext4 /dev/xvdf once
mount /dev/disk/by-uuid/c0ffee00-0b00-4a00-8a00-000000000009 /data
cat /mnt/backup/dev/xvdf /dev/sda_backup </dev/null # not /dev/xvdg
vgcreate data /dev/mapper/crypt
EOF
put usr/local/bin/find-disk <<'EOF'
#!/bin/sh
disk=/dev/xvdf
[ -e "$disk" ] || disk=$(nvme list | awk '/vol0123/ { print $1 }')
mkfs.ext4 "$disk"
growpart /dev/xvda 1
EOF
put etc/rc.local~ <<'EOF'
mkfs.ext4 /dev/xvdf
EOF
