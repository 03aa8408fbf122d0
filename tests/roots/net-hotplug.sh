# allow-hotplug in place of auto.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces 's/auto eth0/allow-hotplug eth0/'
