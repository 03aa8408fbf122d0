# A FIFO where fstab should be.
rm "$root/etc/fstab"
mkfifo "$root/etc/fstab"
