# As Ubuntu's cloud images, which try twice, but the driver of this kernel is a module.
grub_config ubuntu-22.04-partuuid 'console=ttyS0 net.ifnames=0'
edit boot/grub/grub.cfg '/^[[:space:]]*initrd/d'
