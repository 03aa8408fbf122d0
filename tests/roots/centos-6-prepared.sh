# CentOS 6 made ready: NVMe in the image, Amazon's ENA driver in extra/.
. "$make_root_tools/make-el6-root.sh"
root_centos6_prepared
