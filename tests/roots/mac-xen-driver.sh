# A rule that names the card by its MAC address and by Xen's driver.
put etc/udev/rules.d/70-persistent-net.rules <<END
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vif", ATTR{address}=="0a:1b:2c:3d:4e:5f", NAME="eth0"
END
