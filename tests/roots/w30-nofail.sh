# W30: a data volume by its Xen name; the boot goes on without it.
echo '/dev/xvdf /data ext4 defaults,nofail 0 2' >>"$root/etc/fstab"
