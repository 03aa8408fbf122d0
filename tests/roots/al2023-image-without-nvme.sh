# Amazon Linux 2023 whose image was made on Xen with modules for that host only.
. "$make_root_tools/make-rpm-root.sh"
root_al2023
image_of_xen_host
