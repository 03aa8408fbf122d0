# A data volume by UUID that is not attached where the root is looked at, as it mostly is.
echo 'UUID=c0ffee00-0b00-4a00-8a00-00000000da1a /data ext4 defaults 0 2' >>"$root/etc/fstab"
