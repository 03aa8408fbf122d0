# The name Nitro will give is configured.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces 's/eth0/ens5/'
