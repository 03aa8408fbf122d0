# A chain of fallbacks: an entry whose kernel is gone, one of the kernel that lacks NVMe in its image, one that is nowhere.
two_kernels
put boot/grub/custom.cfg <<-END
	menuentry 'by hand' {
	    linux /boot/vmlinuz-gone root=/dev/xvda1
	}
	menuentry 'older' {
	    linux /boot/vmlinuz-5.10.0-28-amd64 root=UUID=$uuid ro net.ifnames=0
	    initrd /boot/initrd.img-5.10.0-28-amd64
	}
	set fallback="2 3 7"
	END
