# Trap: numbered, but what holds data is not taken; and storage that names no disk.
put etc/sysconfig/docker-storage-setup <<'EOF'
# DEVS=/dev/xvdcz
DEVS=/dev/nvme1n1
EOF
put etc/docker/daemon.json <<'EOF'
{"storage-driver": "overlay2"}
EOF
