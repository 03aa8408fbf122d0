# Two cards by name, and files of services and scripts that name them, where the names are gone.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
put etc/network/interfaces <<END
auto lo eth0 eth1
iface lo inet loopback
iface eth0 inet dhcp
    post-up ethtool -K eth0 tso off sg off
iface eth1 inet dhcp
END
put etc/sysctl.d/50-net.conf <<END
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.eth1.rp_filter = 0
END
put etc/dnsmasq.d/local.conf <<END
interface=eth1
END
put etc/keepalived/keepalived.conf <<END
vrrp_instance one {
    interface eth0
}
END
ln -s /usr/lib/systemd/system/keepalived.service "$root/etc/systemd/system/multi-user.target.wants/"
printf 'interface "eth0" {\n  supersede domain-name-servers 10.0.0.10;\n}\n' | put etc/dhcp/dhclient.conf
