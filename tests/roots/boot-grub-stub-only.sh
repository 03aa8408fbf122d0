# A GRUB for UEFI alone: a stub that goes on with a menu in a place of its own.
put boot/efi/EFI/debian/grub.cfg <<-END
	search.fs_uuid $uuid root hd0,gpt1
	set prefix=(\$root)'/boot/grub-efi'
	configfile \$prefix/grub.cfg
	END
mv "$root/boot/grub" "$root/boot/grub-efi"
