# A rules file that is none.
mkdir -p "$root/etc/udev/rules.d/99-x.rules"
