# W57: net.ifnames=0 stands in /etc/default/grub, and a file of grub.d takes it away again; grub.cfg has it not.
edit boot/grub/grub.cfg 's/ net.ifnames=0 biosdevname=0//'
put etc/default/grub <<'END'
GRUB_DEFAULT=0
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0"
END
put etc/default/grub.d/50-cloudimg-settings.cfg <<'END'
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"
END
