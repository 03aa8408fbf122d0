# A map of the automounter for a local disk, and the CD drive and a comment in another one.
put etc/auto.data <<'END'
# backup  -fstype=ext4  :/dev/xvdg1
data      -fstype=xfs   :/dev/xvdf1
END
put etc/auto.misc <<'END'
cd              -fstype=iso9660,ro,nosuid,nodev :/dev/cdrom
END
