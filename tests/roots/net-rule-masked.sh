# 80-net-setup-link.rules is masked: the kernel's names.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
mkdir -p "$root/etc/udev/rules.d"
ln -s /dev/null "$root/etc/udev/rules.d/80-net-setup-link.rules"
