# saved_entry names a kernel that was removed: GRUB takes the first. The second kernel has no NVMe in its image, the first is in order.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="${saved_entry}"/'
grubenv 'saved_entry=gnulinux-4.19.0-26-amd64-advanced'
