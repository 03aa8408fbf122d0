# Amazon Linux 2023 whose image was made on Xen with modules for that host only.
# base: al2023
. "$make_root_tools/make-rpm-root.sh"
image_of_xen_host
