# The only console is one of Xen, and a login is kept on it.
edit boot/grub/grub.cfg 's/console=tty0 console=ttyS0,115200/console=hvc0/'
mkdir -p "$root/etc/systemd/system/getty.target.wants"
ln -s /lib/systemd/system/serial-getty@.service "$root/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service"
