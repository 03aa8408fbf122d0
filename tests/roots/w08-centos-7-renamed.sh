# W08: CentOS 7 without net.ifnames=0, and only ifcfg-eth0.
# base: centos-7
edit boot/grub2/grub.cfg 's/ net.ifnames=0//'
