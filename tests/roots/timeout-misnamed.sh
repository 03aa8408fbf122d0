# The timeout under the name it had before the driver was split.
edit boot/grub/grub.cfg 's/net.ifnames=0/& nvme.io_timeout=4294967295/'
