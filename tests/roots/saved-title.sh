# saved_entry is a title. The second kernel has no NVMe in its image, the first is in order.
two_kernels
edit boot/grub/grub.cfg 's/set default="0"/set default="${saved_entry}"/'
grubenv 'saved_entry=Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 5.10.0-28-amd64'
