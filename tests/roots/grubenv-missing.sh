# No grubenv.
rm "$root/boot/grub/grubenv"
