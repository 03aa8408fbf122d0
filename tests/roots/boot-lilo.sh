# LILO: what it starts stands in its map, as blocks of the disk; that is not read, so the kernel is not known.
rm -r "$root/boot/grub"
put etc/lilo.conf <<'EOF'
boot=/dev/xvda
root=/dev/xvda1
image=/vmlinuz
	label=Linux
	read-only
	initrd=/initrd.img
EOF
printf '\352LILO' | put boot/map
