# saved_entry is the title of the older kernel, whose image was made on Xen.
# base: centos-7
. "$make_root_tools/make-rpm-root.sh"
grub2_env "saved_entry=CentOS Linux (3.10.0-514.el7.x86_64) 7 (Core)"
