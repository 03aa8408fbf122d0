# W19: the timeout is set, and is no more than the default.
edit boot/grub/grub.cfg 's/io_timeout=4294967295/io_timeout=30/'
