# systemd-boot with a unified kernel image: kernel, initrd and command line are parts of one file.
rm -r "$root/boot/grub"
printf '\0#### LoaderInfo: systemd-boot 255.4-1ubuntu8 ####\0' | put boot/efi/EFI/systemd/systemd-bootx64.efi
mkdir -p "$root/boot/efi/EFI/Linux"
printf 'root=UUID=%s ro console=ttyS0 net.ifnames=0\n' $uuid >"$root/cmdline"
printf %s $kernel >"$root/uname"
craft pe "$root/boot/efi/EFI/Linux/debian-$kernel.efi" .osrel="$root/etc/os-release" \
        .uname="$root/uname" .cmdline="$root/cmdline" .initrd="$root/boot/initrd.img-$kernel" \
        .linux="$root/boot/vmlinuz-$kernel"
rm "$root/cmdline" "$root/uname" "$root/boot/vmlinuz-$kernel" "$root/boot/initrd.img-$kernel"
