# A pattern that matches any wired name.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces 's/auto eth0/auto \/en*=en/; s/iface eth0/iface en/'
