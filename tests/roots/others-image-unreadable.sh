# The older kernel's image is a FIFO: nobody knows whether that entry would come up.
two_kernels
rm "$root/boot/initrd.img-5.10.0-28-amd64"
mkfifo "$root/boot/initrd.img-5.10.0-28-amd64"
