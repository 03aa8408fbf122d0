# An external journal by name.
echo 'UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11 /data ext4 journal_path=/dev/xvdg1 0 2' >>"$root/etc/fstab"
