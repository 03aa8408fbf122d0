# /boot is a file system of its own, not mounted here: its directory is empty.
echo 'UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0b00 /boot ext4 defaults 0 2' >>"$root/etc/fstab"
rm -r "$root/boot"
mkdir "$root/boot"
