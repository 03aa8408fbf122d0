# Oracle Linux 8 with a data volume by its Xen name, and no nofail.
# base: oracle-linux-8
echo '/dev/xvdf /u01 xfs defaults 0 0' >>"$root/etc/fstab"
