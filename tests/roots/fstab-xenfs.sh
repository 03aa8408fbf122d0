# The control files of Xen, mounted at every start; the second line may fail.
printf '%s\n' 'none /proc/xen xenfs defaults 0 0' 'none /mnt/xen xenfs nofail 0 0' >>"$root/etc/fstab"
