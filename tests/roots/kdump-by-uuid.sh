# Trap: dumps to a path, and virtual machines on files.
put etc/kdump.conf <<'EOF'
#ext4 /dev/vg/lv_kdump
ext4 UUID=c0ffee00-0b00-4a00-8a00-000000000001
path /var/crash
EOF
put etc/libvirt/qemu/guest.xml <<'EOF'
<disk type='file'><source file='/var/lib/libvirt/images/a'/><target dev='sda'/></disk>
EOF
