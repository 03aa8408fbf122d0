# CentOS 7 with iptables that let SSH in by eth0 only, and nothing that keeps the name eth0.
# base: centos-7
edit boot/grub2/grub.cfg 's/ net.ifnames=0//'
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s /usr/lib/systemd/system/iptables.service "$root/etc/systemd/system/multi-user.target.wants/"
put etc/sysconfig/iptables <<END
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -i eth0 -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
COMMIT
END
