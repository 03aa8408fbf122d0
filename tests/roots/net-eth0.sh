# eth0 in the configuration, and nothing keeps the kernel's names.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
