# Tries without an image first, by PARTUUID, as Ubuntu's cloud images do.
# base: ubuntu
grub_config ubuntu-22.04-partuuid 'console=tty1 console=ttyS0 net.ifnames=0'
