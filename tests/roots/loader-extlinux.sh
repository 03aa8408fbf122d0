# Debian with EXTLINUX: the menu includes linux.cfg, which extlinux-update makes from /etc/default/extlinux.
# base: boot-extlinux
edit boot/extlinux/linux.cfg 's/ net.ifnames=0/ clocksource=xen&/'
put etc/default/extlinux <<'END'
EXTLINUX_UPDATE="true"
EXTLINUX_PARAMETERS="ro console=ttyS0 clocksource=xen net.ifnames=0 biosdevname=0"
EXTLINUX_ROOT="root=UUID=c0ffee00-0b00-4a00-8a00-000000000001"
END
