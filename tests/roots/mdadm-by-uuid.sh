# Arrays by UUID, and DEVICE lines that take everything.
put etc/mdadm.conf <<'END'
DEV partitions containers
ARRAY /dev/md0 UUID=3aaa0122:29827cfa:5331ad66:ca767371
END
echo '/dev/md0 /data ext4 defaults 0 2' >>"$root/etc/fstab"
