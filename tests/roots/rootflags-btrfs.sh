# A btrfs root of two disks, the second by a name of Xen; subvol= is no disk.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=UUID=$uuid rootflags=subvol=@\,device=/dev/xvdg,"
