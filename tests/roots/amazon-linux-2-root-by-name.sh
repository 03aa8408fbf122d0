# Amazon Linux 2 told to start from /dev/xvda1: its udev makes that name on Nitro, but not in the initramfs.
# base: amazon-linux-2
edit boot/grub2/grub.cfg "s,root=UUID=$uuid,root=/dev/xvda1,"
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
