# saved_entry is the name of the older entry file; that image was made on Xen and has no NVMe.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
grub2_env "saved_entry=$machine_id-4.18.0-80.el8.x86_64" "kernelopts=root=UUID=$uuid ro net.ifnames=0"
