# Nothing says what system it is.
rm "$root/etc/os-release" "$root/usr/lib/os-release"
