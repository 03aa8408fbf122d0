# Debian told to use Xen's clock, in /etc/default/grub and the grub.cfg made from it; no time-out for NVMe.
edit boot/grub/grub.cfg 's/ nvme_core.io_timeout=4294967295/ clocksource=xen/'
put etc/default/grub <<'END'
# If you change this file, run 'update-grub' afterwards to update
# /boot/grub/grub.cfg.
GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 clocksource=xen"
END
