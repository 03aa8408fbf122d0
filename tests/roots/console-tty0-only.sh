# No console on the serial port; it is asked for.
# confirm: console-serial-missing
edit boot/grub/grub.cfg 's/ console=ttyS0,115200//'
printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="console=tty0"\n' | put etc/default/grub
