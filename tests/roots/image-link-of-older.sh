# The entry starts /boot/vmlinuz and /boot/initrd.img, links that somebody keeps: the image's still goes to the older kernel's.
two_kernels
ln -s "vmlinuz-$kernel" "$root/boot/vmlinuz"
ln -s initrd.img-5.10.0-28-amd64 "$root/boot/initrd.img"
edit boot/grub/grub.cfg "s,/boot/vmlinuz-$kernel ,/boot/vmlinuz ,; s,/boot/initrd.img-$kernel\$,/boot/initrd.img,"
