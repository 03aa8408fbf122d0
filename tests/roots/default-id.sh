# The default is a pair of ids. The second kernel has no NVMe in its image, the first is in order.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="gnulinux-advanced-'"$uuid"'>gnulinux-5.10.0-28-amd64-advanced-'"$uuid"'"/'
