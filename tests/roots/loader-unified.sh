# A unified kernel image that is told to use Xen's clock: only what it is made from can be edited.
# base: boot-uki
printf 'root=UUID=%s ro console=ttyS0 net.ifnames=0 clocksource=xen\n' $uuid >"$root/cmdline"
craft kernel "$root/linux" $kernel
pack "$root/initrd" "cpio:$tree"
craft pe "$root/boot/efi/EFI/Linux/debian-$kernel.efi" .osrel="$root/etc/os-release" \
        .cmdline="$root/cmdline" .initrd="$root/initrd" .linux="$root/linux"
mkdir -p "$root/etc/kernel"
mv "$root/cmdline" "$root/etc/kernel/cmdline"
rm "$root/initrd" "$root/linux"
