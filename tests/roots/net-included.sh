# The stanza is in interfaces.d.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit etc/network/interfaces '/eth0/d'
echo 'source /etc/network/interfaces.d/*' >>"$root/etc/network/interfaces"
printf 'auto ens5\niface ens5 inet dhcp\n' | put etc/network/interfaces.d/ens5
