# The network of Amazon Linux 2023: systemd-networkd, by driver, whatever the name.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit usr/lib/os-release 's/^VERSION_ID=.*/VERSION_ID="2023"/; s/^ID=.*/ID="amzn"/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
ln -s /usr/lib/systemd/system/systemd-networkd.service "$root/etc/systemd/system/multi-user.target.wants/"
put usr/lib/systemd/network/80-ec2.network <<END
[Match]
Driver=ena ixgbevf vif

[Link]
MTUBytes=9001

[Network]
DHCP=yes
IPv6DuplicateAddressDetection=0
LLMNR=no
DNSDefaultRoute=yes

[DHCPv4]
UseHostname=no
UseDNS=yes
UseNTP=yes
UseDomains=yes
END
