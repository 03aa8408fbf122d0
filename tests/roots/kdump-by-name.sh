# Crash dumps, backups, virtual machines and pods that are given disks by name.
put etc/kdump.conf <<'EOF'
#raw /dev/sda5
raw /dev/xvdb
path /var/crash
EOF
put etc/rear/local.conf <<'EOF'
EXCLUDE_DISKS=( /dev/xvdf )
EOF
put etc/libvirt/qemu/guest.xml <<'EOF'
<domain><!-- <source dev='/dev/xvdz'/> -->
<disk type='block'><source dev='/dev/xvdg'/></disk></domain>
EOF
put etc/kubernetes/manifests/db.yaml <<'EOF'
spec: { volumes: [{ hostPath: { path: /dev/xvdh } }] }
EOF
