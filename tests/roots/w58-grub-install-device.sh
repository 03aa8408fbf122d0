# W58: grub-pc was told to write to /dev/xvda at each update.
put var/lib/dpkg/info/grub-pc.postinst </dev/null
put var/cache/debconf/config.dat <<'EOF'
Name: grub-pc/hidden_timeout
Template: grub-pc/hidden_timeout
Value: true
Owners: grub-pc

Name: grub-pc/install_devices
Template: grub-pc/install_devices
Value: /dev/xvda
Owners: grub-pc
Flags: seen
Variables:
 CHOICES = /dev/xvda (8589 MB; ???)
 RAW_CHOICES = /dev/xvda

Name: grub-pc/install_devices_empty
Template: grub-pc/install_devices_empty
Value: false
Owners: grub-pc
EOF
put boot/grub/device.map <<'EOF'
(hd0)	/dev/xvda
EOF
