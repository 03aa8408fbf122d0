# No image, the driver built in, and a root that only an image could find.
# base: ubuntu
edit boot/grub/grub.cfg '/^[[:space:]]*initrd/d'
