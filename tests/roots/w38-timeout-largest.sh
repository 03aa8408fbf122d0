# W38: the largest number there is.
nvme_core_takes io_timeout:uint
edit boot/grub/grub.cfg 's/net.ifnames=0/& nvme_core.io_timeout=4294967295/'
