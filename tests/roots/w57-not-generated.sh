# W57: net.ifnames=0 was written to /etc/default/grub, and update-grub never run.
edit boot/grub/grub.cfg 's/ net.ifnames=0 biosdevname=0//'
put etc/default/grub <<'END'
GRUB_DEFAULT=0
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0"
END
