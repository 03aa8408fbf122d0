# saved_entry is the title of the older kernel, whose image was made on Xen.
. "$make_root_tools/make-rpm-root.sh"
root_centos7
grub2_env "saved_entry=CentOS Linux (3.10.0-514.el7.x86_64) 7 (Core)"
