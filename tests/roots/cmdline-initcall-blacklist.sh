# The command line forbids the driver: initcall_blacklist=nvme_init.
edit boot/grub/grub.cfg 's/net.ifnames=0/& initcall_blacklist=nvme_init/'
