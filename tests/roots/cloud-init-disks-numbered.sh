# cloud-init that was told the numbers NVMe disks had once, in new instances.
# args: --mode clone
put usr/bin/cloud-init </dev/null
put etc/cloud/cloud.cfg <<'EOF'
fs_setup: [{device: /dev/nvme1n1, overwrite: true}, {device: /dev/nvme2n1}]
EOF
