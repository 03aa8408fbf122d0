# CentOS 7 as on EC2: GRUB 2 without entry files, in /boot/grub2.
. "$make_root_tools/make-rpm-root.sh"
root_centos7
