# Debian with EXTLINUX instead of GRUB, as its package configures it.
rm -r "$root/boot/grub"
put boot/extlinux/extlinux.conf <<END
## /boot/extlinux/extlinux.conf

default l0

display boot.txt
menu background splash.png

prompt 1
timeout 50

include linux.cfg
END
put boot/extlinux/linux.cfg <<END
label l0
	menu label Debian GNU/Linux, kernel $kernel
	linux /boot/vmlinuz-$kernel
	append initrd=/boot/initrd.img-$kernel root=UUID=$uuid ro console=ttyS0 net.ifnames=0 biosdevname=0

label l0r
	menu label Debian GNU/Linux, kernel $kernel (recovery mode)
	linux /boot/vmlinuz-$kernel
	append initrd=/boot/initrd.img-$kernel root=UUID=$uuid ro console=ttyS0 net.ifnames=0 biosdevname=0 single
END
head -c 4096 /dev/zero >"$root/boot/extlinux/ldlinux.sys"
