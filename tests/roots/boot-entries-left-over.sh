# Entry files and images no loader reads, as kernel-install leaves them, beside a grub.cfg without blscfg.
put boot/loader/entries/0123-$kernel-rescue.conf <<-END
	title Rescue
	linux /vmlinuz-rescue
	END
put boot/efi/EFI/Linux/debian.efi </dev/null
