# One entry file says root=/dev/xvda1; grub.cfg, which has a fallback, does not.
. "$make_root_tools/make-rpm-root.sh"
root_rhel9
edit "boot/loader/entries/$machine_id-$kernel.conf" "s,root=UUID=$uuid,root=/dev/xvda1,"
