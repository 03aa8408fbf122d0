# The network of Ubuntu 20.04's image on EC2, as cloud-init wrote it on Xen: by MAC address.
# base: ubuntu
edit boot/grub/grub.cfg 's/net.ifnames=0//'
edit usr/lib/os-release '/^VERSION_ID/s/22.04/20.04/'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
put usr/lib/systemd/system-generators/netplan </dev/null
put usr/bin/cloud-init </dev/null
mkdir -p "$root/var/lib/cloud"
ln -s instances/i-0123456789abcdef0 "$root/var/lib/cloud/instance"
put etc/netplan/50-cloud-init.yaml <<END
# This file is generated from information provided by the datasource.  Changes
# to it will not persist across an instance reboot.
network:
    ethernets:
        eth0:
            dhcp4: true
            dhcp6: false
            match:
                macaddress: 0a:1b:2c:3d:4e:5f
            set-name: eth0
    version: 2
END
