# A copy of a machine that gives its card a MAC address and a private address by hand.
# args: --mode clone
put etc/network/interfaces <<END
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
        address 10.0.1.25
        netmask 255.255.255.0
        gateway 10.0.1.1
        hwaddress ether 0a:1b:2c:3d:4e:5f
END
