# systemd-boot on an EFI system partition that is /efi, with entries as kernel-install makes them: all is well with the newer, which is first.
rm -r "$root/boot/grub"
machine_id=0123456789abcdef0123456789abcdef
put efi/loader/loader.conf <<-END
	timeout 3
	console-mode keep
	END
printf '\0#### LoaderInfo: systemd-boot 252.19-1~deb12u1 ####\0' | put efi/EFI/systemd/systemd-bootx64.efi
for release in $kernel 5.10.0-8-amd64; do
        put efi/loader/entries/$machine_id-$release.conf <<-END
		# Boot Loader Specification type#1 entry
		title      Debian GNU/Linux 12 (bookworm)
		version    $release
		machine-id $machine_id
		sort-key   debian
		options    root=UUID=$uuid ro console=tty0 console=ttyS0,115200 net.ifnames=0 systemd.machine_id=$machine_id
		linux      /$machine_id/$release/linux
		initrd     /$machine_id/$release/initrd.img-$release
		END
done
mkdir -p "$root/efi/$machine_id/$kernel"
mv "$root/boot/vmlinuz-$kernel" "$root/efi/$machine_id/$kernel/linux"
mv "$root/boot/initrd.img-$kernel" "$root/efi/$machine_id/$kernel/"
