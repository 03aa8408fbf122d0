# root= by label.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=LABEL=cloudimg-rootfs,"
