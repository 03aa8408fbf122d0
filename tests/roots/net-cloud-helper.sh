# The helper of Debian's cloud images configures any name.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
printf 'auto lo\niface lo inet loopback\n\nsource-directory /run/network/interfaces.d\n' | put etc/network/interfaces
put etc/udev/rules.d/75-cloud-ifupdown.rules <<END
# Handle allow-hotplug interfaces
SUBSYSTEM=="net", ACTION=="add|remove", RUN+="/etc/network/cloud-ifupdown-helper"
END
put etc/network/cloud-interfaces-template <<END
allow-hotplug \$INTERFACE

iface \$INTERFACE inet dhcp
END
put etc/network/cloud-ifupdown-helper </dev/null
chmod +x "$root/etc/network/cloud-ifupdown-helper"
