# default=a, which is no number to GRUB and the title of no entry: it takes the first.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="a"/'
