# GRUB for the BIOS beside systemd-boot with entries of its own: the first counts, the second is told.
printf '\0#### LoaderInfo: systemd-boot 252 ####\0' | put boot/efi/EFI/systemd/systemd-bootx64.efi
put boot/efi/loader/entries/a.conf <<-END
	title Other
	linux /linux
	END
