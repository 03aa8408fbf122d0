# Another boot loader than GRUB 2.
rm -r "$root/boot/grub"
put boot/extlinux/extlinux.conf <<END
default l0
label l0
        linux /boot/vmlinuz-$kernel
        initrd /boot/initrd.img-$kernel
        append root=UUID=$uuid ro
END
