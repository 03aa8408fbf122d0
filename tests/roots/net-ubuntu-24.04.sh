# The network of Ubuntu 24.04's image on EC2, as cloud-init wrote it on Xen: by MAC address, named enX0.
# base: ubuntu
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit usr/lib/os-release '/^VERSION_ID/s/22.04/24.04/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
put usr/lib/systemd/system-generators/netplan </dev/null
put usr/bin/cloud-init </dev/null
mkdir -p "$root/var/lib/cloud"
ln -s instances/i-0123456789abcdef0 "$root/var/lib/cloud/instance"
put etc/netplan/50-cloud-init.yaml <<END
network:
  version: 2
  ethernets:
    enX0:
      match:
        macaddress: "0a:1b:2c:3d:4e:5f"
      dhcp4: true
      dhcp4-overrides:
        route-metric: 100
      dhcp6: false
      set-name: "enX0"
END
