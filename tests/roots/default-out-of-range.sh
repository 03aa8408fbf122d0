# The default is no entry of this menu: GRUB takes the first. The second kernel has no NVMe in its image, the first is in order.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="7"/'
