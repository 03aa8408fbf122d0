# The root in LUKS, opened by what the command line says, by a name of Xen.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,cryptopts=target=root\,source=/dev/xvda2 root=/dev/mapper/root,"
edit etc/fstab "s,UUID=$uuid,/dev/mapper/root,"
