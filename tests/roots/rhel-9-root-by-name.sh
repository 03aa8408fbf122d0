# One entry file says root=/dev/xvda1; grub.cfg, which has a fallback, does not.
# base: rhel-9
. "$make_root_tools/make-rpm-root.sh"
edit "boot/loader/entries/$machine_id-$kernel.conf" "s,root=UUID=$uuid,root=/dev/xvda1,"
