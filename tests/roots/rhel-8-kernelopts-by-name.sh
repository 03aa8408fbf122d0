# The root device stands in kernelopts of grubenv, nowhere else.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
grub2_env "saved_entry=$machine_id-$kernel" "kernelopts=root=/dev/xvda2 ro net.ifnames=0"
