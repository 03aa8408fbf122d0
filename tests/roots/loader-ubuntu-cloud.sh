# Ubuntu's cloud image: a drop-in has the last word over /etc/default/grub.
# base: ubuntu-22.04
edit boot/grub/grub.cfg 's/ nvme_core.io_timeout=4294967295/ clocksource=xen/'
put etc/default/grub <<'END'
GRUB_DEFAULT=0
GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"
GRUB_CMDLINE_LINUX=""
END
put etc/default/grub.d/50-cloudimg-settings.cfg <<'END'
# Cloud Image specific Grub settings for Generic Cloud Images
GRUB_RECORDFAIL_TIMEOUT=0
GRUB_TIMEOUT=0
GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0 clocksource=xen"
GRUB_CMDLINE_LINUX="net.ifnames=0"
GRUB_TERMINAL=console
END
