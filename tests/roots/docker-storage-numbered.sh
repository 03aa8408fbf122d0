# The same by the number that an NVMe disk had once: other disks were wiped by that.
put etc/sysconfig/docker-storage-setup <<'EOF'
DEVS=nvme1n1
WIPE_SIGNATURES=true
EOF
