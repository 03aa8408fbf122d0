# Names of cards in many places, and none of them changes: net.ifnames=0. Two cards.
put etc/network/interfaces <<END
auto lo eth0 eth1
iface lo inet loopback
iface eth0 inet dhcp
iface eth1 inet dhcp
END
put etc/iptables/rules.v4 <<END
*filter
:INPUT DROP [0:0]
-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT
COMMIT
END
ln -s /usr/lib/systemd/system/netfilter-persistent.service "$root/etc/systemd/system/multi-user.target.wants/"
put etc/sysctl.d/50-net.conf <<END
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.docker0.rp_filter = 0
END
printf '# interface "eth7" {\ninterface "eth0" { }\n' | put etc/dhcp/dhclient.conf
