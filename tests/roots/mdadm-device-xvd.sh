# A DEVICE line for disks of Xen, with a comment and a second line, and its copy in the image; fstab wants the array.
mkdir -p "$tree/etc/mdadm"
put etc/mdadm/mdadm.conf <<'END'
# DEVICE partitions
DEVICE /dev/xvd[b-e]	# the data disks
    /dev/xvdf
HOMEHOST <system>
ARRAY /dev/md/0 metadata=1.2 UUID=3aaa0122:29827cfa:5331ad66:ca767371 devices=/dev/xvdb,/dev/xvdc
END
cp "$root/etc/mdadm/mdadm.conf" "$tree/etc/mdadm/"
repack "zstd:$tree"
echo '/dev/md0 /data ext4 defaults 0 2' >>"$root/etc/fstab"
