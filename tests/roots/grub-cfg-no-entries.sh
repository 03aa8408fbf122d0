# grub.cfg without any entry.
edit boot/grub/grub.cfg '/^menuentry/,$d'
