# The name a Xen instance has under newer systemd.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces 's/eth0/enX0/'
