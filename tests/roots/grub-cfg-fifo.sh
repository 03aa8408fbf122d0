# A FIFO where grub.cfg should be.
rm "$root/boot/grub/grub.cfg"
mkfifo "$root/boot/grub/grub.cfg"
