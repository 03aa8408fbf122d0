# A data volume by its Xen name: local-fs.target fails, emergency mode.
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"
