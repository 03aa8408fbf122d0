# An entry for the Xen hypervisor, which is not the default, stands before the normal one.
# base: centos-6-prepared
edit boot/grub/grub.conf "s/^default=0/default=1/; s/^title/title Xen\n\troot (hd0,0)\n\tkernel \/boot\/xen.gz dom0_mem=1024M\n\tmodule \/boot\/vmlinuz-$kernel ro console=hvc0\n\tmodule \/boot\/initramfs-$kernel.img\n&/"
