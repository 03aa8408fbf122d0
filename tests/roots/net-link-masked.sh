# 99-default.link is masked: the kernel's names.
edit boot/grub/grub.cfg 's/net.ifnames=0//'
mkdir -p "$root/etc/systemd/network"
ln -s /dev/null "$root/etc/systemd/network/99-default.link"
