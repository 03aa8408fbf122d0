# Resized in place: an address by hand, a file that matches by MAC address, the generator turned off.
mkdir -p "$root/etc/udev/rules.d"
ln -s /dev/null "$root/etc/udev/rules.d/75-persistent-net-generator.rules"
printf '# This file is empty on purpose\n' | put etc/udev/rules.d/70-persistent-net.rules
put etc/network/interfaces <<END
auto eth0
iface eth0 inet static
        address 10.0.1.25/24
END
printf '[Match]\nMACAddress=0a:1b:2c:3d:4e:5f\n[Link]\nMTUBytes=1500\nName=eth0\n' | put etc/systemd/network/10-eth0.link
