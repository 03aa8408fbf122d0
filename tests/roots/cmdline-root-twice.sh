# The last root= wins.
edit boot/grub/grub.cfg "s,net.ifnames=0,& root=/dev/xvda1,"
