# SLES 12, whose update-bootloader writes to the disk of the Xen instance.
# base: sles-12
put etc/default/grub_installdevice <<'EOF'
/dev/xvda
activate
generic_mbr
EOF
put boot/grub2/device.map <<'EOF'
(hd0)	/dev/xvda
EOF
