# The entry names Debian's links /vmlinuz and /boot/initrd.img; the one leads to the other kernel, whose image it is not.
two_kernels
ln -s boot/vmlinuz-5.10.0-28-amd64 "$root/vmlinuz"
ln -s initrd.img-$kernel "$root/boot/initrd.img"
put boot/grub/custom.cfg <<-END
	menuentry 'links' --id links {
	    linux /vmlinuz root=UUID=$uuid ro net.ifnames=0
	    initrd /boot/initrd.img
	}
	END
edit boot/grub/grub.cfg 's/set default="0"/set default="links"/'
