# Nothing in /boot.
rm -r "$root/boot"
mkdir "$root/boot"
