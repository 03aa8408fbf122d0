# A pattern that matches any wired name.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces 's/auto eth0/auto \/en*/; s/eth0/en/'
