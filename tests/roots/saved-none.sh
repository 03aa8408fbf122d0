# saved_entry is not set. The second kernel has no NVMe in its image, the first is in order.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="${saved_entry}"/'
grubenv ''
