# W18: fstab is clean; root= names the Xen disk (GRUB_DISABLE_LINUX_UUID=true).
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/xvda1,"
