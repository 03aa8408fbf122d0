# saved_entry is the name of the older entry file; that image was made on Xen and has no NVMe.
# base: rhel-8
. "$make_root_tools/make-rpm-root.sh"
grub2_env "saved_entry=$machine_id-4.18.0-80.el8.x86_64" "kernelopts=root=UUID=$uuid ro net.ifnames=0"
