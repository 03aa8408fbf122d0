# More entries were there once: default=3 is out of range, fallback=1 starts instead.
# base: centos-6-prepared
edit boot/grub/grub.conf 's/^default=0/default=3\nfallback=1/; s/^title/title Older\n\troot (hd0,0)\n\tkernel \/boot\/older ro\n&/'
