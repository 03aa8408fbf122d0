# An array that the kernel puts together of members by name, as it has no superblock.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,md=0\,/dev/xvdf\,/dev/xvdg root=UUID=$uuid,"
echo '/dev/md0 /data ext4 defaults 0 2' >>"$root/etc/fstab"
