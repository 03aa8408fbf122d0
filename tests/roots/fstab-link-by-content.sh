# A link that a rule makes of what is on the disk is there on Nitro, too.
put etc/udev/rules.d/99-data.rules <<'END'
SUBSYSTEM=="block", ENV{ID_FS_UUID}=="0c5f9d0c-3bd5-41b5-9c3b-0e4e3cbb9d70", SYMLINK+="data"
END
echo '/dev/data /data ext4 defaults 0 2' >>"$root/etc/fstab"
