# multipathd would take every disk, and is switched off by the command line.
# base: multipath-takes-all
edit boot/grub/grub.cfg 's/net.ifnames=0/& multipath=off/'
