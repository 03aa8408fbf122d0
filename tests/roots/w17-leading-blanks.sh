# W17: blanks and tabs before the first field.
printf '  \t /dev/xvdf\t/data  ext4\tdefaults 0 2\n' >>"$root/etc/fstab"
