# A stub for UEFI beside the real grub.cfg, as Debian and Ubuntu have it for both firmwares: it decides nothing.
put boot/efi/EFI/debian/grub.cfg <<-END
	search.fs_uuid $uuid root hd0,gpt1
	set prefix=(\$root)'/boot/grub'
	configfile \$prefix/grub.cfg
	END
