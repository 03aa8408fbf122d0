# Next time the new kernel for once (grub-reboot), after it again the older one, which lacks NVMe.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="${saved_entry}"/'
grubenv 'saved_entry=1>2
next_entry=0'
