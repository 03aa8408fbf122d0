# LUKS by UUID, and the old name in a comment only.
put etc/crypttab <<'END'
# data /dev/xvdf /root/data.key luks
data UUID=0b5c0e1a-93a4-4d62-9a4c-00000000000f /root/data.key luks
END
echo '/dev/mapper/data /data ext4 defaults 0 2' >>"$root/etc/fstab"
