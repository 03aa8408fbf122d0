# W08: Ubuntu 16.04 cleaned for an image: "iface eth0" stays, the rule that kept the name is gone, no net.ifnames=0.
# base: ubuntu-16.04
rm "$root/etc/udev/rules.d/70-persistent-net.rules"
