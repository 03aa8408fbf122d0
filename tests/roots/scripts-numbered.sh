# Scripts that were changed for Nitro by writing the number a disk happened to have.
put etc/rc.local <<'EOF'
#!/bin/sh
mkfs.xfs /dev/nvme1n1
mount /dev/nvme2n1 /data
EOF
