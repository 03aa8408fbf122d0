# W30: a data volume by its Xen name, which nothing mounts at boot.
echo '/dev/xvdf /data ext4 noauto 0 0' >>"$root/etc/fstab"
