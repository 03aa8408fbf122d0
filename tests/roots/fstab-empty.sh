# An empty fstab.
: >"$root/etc/fstab"
