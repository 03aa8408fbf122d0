# Ubuntu 22.04 told to start from /dev/xvda1, by a GRUB_DISABLE_LINUX_UUID that somebody set.
# base: ubuntu-22.04
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/xvda1,"
echo GRUB_DISABLE_LINUX_UUID=true | put etc/default/grub.d/99-local.cfg
