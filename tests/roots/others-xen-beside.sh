# A Xen PV entry (multiboot /xen.gz) stands beside the normal one: it is listed and decides nothing.
put boot/grub/custom.cfg <<-END
	menuentry 'Debian GNU/Linux, with Xen 4.17' {
	    multiboot /boot/xen-4.17-amd64.gz placeholder
	    module /boot/vmlinuz-$kernel placeholder root=/dev/xvda1 ro
	    module /boot/initrd.img-$kernel
	}
	menuentry 'Memory test (memtest86+)' {
	    linux16 /boot/memtest86+.bin
	}
	END
