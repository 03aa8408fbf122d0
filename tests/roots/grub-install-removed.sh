# Trap: grub-pc was removed in favour of UEFI, and debconf remembers.
put var/lib/dpkg/info/grub-pc.list </dev/null
put var/lib/dpkg/info/grub-pc.postrm </dev/null
put var/cache/debconf/config.dat <<'EOF'
Name: grub-pc/install_devices
Template: grub-pc/install_devices
Value: /dev/xvda
Owners: grub-pc
EOF
