# An Amazon Linux AMI of 2015, never updated: no ENA, no NVMe in the image.
. "$make_root_tools/make-el6-root.sh"
root_amazon1_old
