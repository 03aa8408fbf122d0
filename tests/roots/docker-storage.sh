# docker-storage-setup of the ECS AMI, and a thin pool on a disk.
put etc/sysconfig/docker-storage-setup <<'EOF'
DEVS="/dev/xvdcz"
VG=docker
WIPE_SIGNATURES=true
EOF
put etc/docker/daemon.json <<'EOF'
{"storage-driver": "devicemapper", "storage-opts": ["dm.datadev=/dev/xvdf", "dm.thinpooldev=/dev/mapper/x"]}
EOF
