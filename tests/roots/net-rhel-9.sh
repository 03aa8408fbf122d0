# RHEL 9 with a connection for eth0, and NetworkManager told to make none by itself.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit usr/lib/os-release 's/^VERSION_ID=.*/VERSION_ID="9.4"/; s/^ID=.*/ID="rhel"/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
ln -s /usr/lib/systemd/system/NetworkManager.service "$root/etc/systemd/system/multi-user.target.wants/"
put usr/lib/NetworkManager/conf.d/00-server.conf <<END
[main]
no-auto-default=*
ignore-carrier=*
END
put etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection <<END
[connection]
id=cloud-init eth0
type=ethernet
interface-name=eth0

[ipv4]
method=auto
END
