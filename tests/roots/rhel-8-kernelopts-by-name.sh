# The root device stands in kernelopts of grubenv, nowhere else.
# base: rhel-8
. "$make_root_tools/make-rpm-root.sh"
grub2_env "saved_entry=$machine_id-$kernel" "kernelopts=root=/dev/xvda2 ro net.ifnames=0"
