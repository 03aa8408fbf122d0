# W17: a btrfs of several devices, each in an option.
echo 'UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11 /data btrfs device=/dev/xvdf,device=/dev/xvdg,nofail 0 0' >>"$root/etc/fstab"
