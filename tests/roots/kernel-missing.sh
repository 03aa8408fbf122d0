# The kernel of the default entry is not there.
rm "$root/boot/vmlinuz-$kernel"
