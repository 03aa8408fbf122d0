# W06: a line by a LABEL that no volume has.
# base: w06-link-of-xen
# args: --blkid blkid
edit etc/fstab 's/LABEL=logs/LABEL=log/'
