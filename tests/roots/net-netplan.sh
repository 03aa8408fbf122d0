# netplan: the name the card had on Xen.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
rm "$root/etc/network/interfaces" "$root/usr/sbin/ifup"
put usr/sbin/netplan </dev/null
put etc/netplan/50-cloud-init.yaml <<END
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
END
