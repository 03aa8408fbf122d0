# No root= at all.
edit boot/grub/grub.cfg "s,root=UUID=$uuid ,,"
