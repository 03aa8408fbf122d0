# Names that amazon-ec2-utils may make on Nitro, too.
put usr/bin/cloud-init </dev/null
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<'EOF'
KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"
EOF
put sbin/ebsnvme-id </dev/null
put etc/cloud/cloud.cfg <<'EOF'
mounts: [[sdf, /data]]
growpart: {devices: [/dev/sdg]}
EOF
