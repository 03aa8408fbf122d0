# The kernel is reached through the link in the root directory.
ln -s boot/vmlinuz-$kernel "$root/vmlinuz"
edit boot/grub/grub.cfg "s,/boot/vmlinuz-$kernel,/vmlinuz,"
