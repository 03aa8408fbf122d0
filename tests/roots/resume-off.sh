# noresume: the name does not matter.
edit boot/grub/grub.cfg 's, net.ifnames=0, resume=/dev/xvdb noresume net.ifnames=0,'
