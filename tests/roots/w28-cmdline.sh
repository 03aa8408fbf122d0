# W28: the command line forbids the driver: modprobe.blacklist=nvme.
edit boot/grub/grub.cfg 's/net.ifnames=0/& modprobe.blacklist=nvme/'
