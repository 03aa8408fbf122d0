# A sparse fstab of 3 GB.
truncate -s 3G "$root/etc/fstab"
