# default=a: no number, no title and no id, so GRUB takes the first entry.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="a"/'
