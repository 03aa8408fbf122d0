# The command line forbids the driver: module_blacklist=floppy,nvme.
edit boot/grub/grub.cfg 's/net.ifnames=0/& module_blacklist=floppy,nvme/'
