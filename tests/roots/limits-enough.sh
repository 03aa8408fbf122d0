# As many processors as the target has.
# args: --target m5.large
edit boot/grub/grub.cfg 's/net.ifnames=0/& maxcpus=2/'
