# A unified kernel image whose initrd has no NVMe driver.
# base: boot-uki
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
pack "$root/initrd" "cpio:$tree"
craft kernel "$root/linux" $kernel
printf 'root=UUID=%s ro console=ttyS0 net.ifnames=0' $uuid >"$root/cmdline"
craft pe "$root/boot/efi/EFI/Linux/debian-$kernel.efi" .osrel="$root/etc/os-release" \
        .cmdline="$root/cmdline" .initrd="$root/initrd" .linux="$root/linux"
rm "$root/cmdline" "$root/initrd" "$root/linux"
