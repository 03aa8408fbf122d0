# W19: the timeout is set, and is no more than the default.
edit boot/grub/grub.cfg 's/net.ifnames=0/& nvme_core.io_timeout=30/'
