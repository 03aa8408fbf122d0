# The kernel of the default entry is no kernel.
echo not a kernel | put boot/vmlinuz-$kernel
