# CentOS 6 as it comes on EC2: GRUB legacy with grub.conf, Upstart; no ENA, no NVMe in the image.
. "$make_root_tools/make-el6-root.sh"
root_centos6
