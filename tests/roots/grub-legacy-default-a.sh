# "default=a" is no number: GRUB legacy starts the first entry, an older kernel without anything for Nitro.
# base: centos-6-prepared
edit boot/grub/grub.conf 's/^default=0/default=a/; s/^title/title Older\n\troot (hd0,0)\n\tkernel \/boot\/older ro root=LABEL=x\n&/'
craft kernel "$root/boot/older" 2.6.32-71.el6.x86_64
