# What is in the encrypted disk is not known, and a line of fstab wants a logical volume.
put etc/crypttab <<'END'
pv /dev/xvdf /root/pv.key luks
END
echo '/dev/mapper/vg-data /data ext4 defaults 0 2' >>"$root/etc/fstab"
