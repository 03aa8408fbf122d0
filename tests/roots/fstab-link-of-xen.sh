# A link of somebody's own, made of the name that only Xen gives the disk.
put etc/udev/rules.d/99-data.rules <<'END'
# The data volume.
KERNEL=="xvdf", SUBSYSTEM=="block", SYMLINK+="data"
END
echo '/dev/data /data ext4 defaults 0 2' >>"$root/etc/fstab"
