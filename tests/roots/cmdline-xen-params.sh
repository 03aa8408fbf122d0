# What Amazon Linux 2 and tuning guides put on the command line for Xen.
edit boot/grub/grub.cfg 's/ net.ifnames=0/ xen_nopvspin xen_blkfront.max_indirect_segments=256 net.ifnames=0/'
