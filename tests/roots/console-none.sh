# No console at all on the command line; a serial one is asked for.
# confirm: console-serial-missing
edit boot/grub/grub.cfg 's/console=tty0 console=ttyS0,115200 //'
