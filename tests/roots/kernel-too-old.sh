# Upgraded to Debian 10 long ago, and GRUB still starts the kernel of Debian 8, which has neither driver.
old=3.16.0-4-amd64
rm -r "$modules/kernel/drivers/nvme" "$modules/kernel/drivers/net/ethernet"
mv "$modules" "$root/usr/lib/modules/$old"
depmod -b "$root" $old
mv "$tree/usr/lib/modules/$kernel" "$tree/usr/lib/modules/$old"
rm -r "$tree/usr/lib/modules/$old/kernel/drivers/nvme"
cp "$root/usr/lib/modules/$old"/modules.*.bin "$tree/usr/lib/modules/$old/"
rm "$root/boot/initrd.img-$kernel" "$root/boot/vmlinuz-$kernel"
craft kernel "$root/boot/vmlinuz-$old" $old
edit boot/grub/grub.cfg "s/$kernel/$old/g"
edit usr/lib/os-release 's/12 (bookworm)/10 (buster)/; s/"12"/"10"/'
kernel=$old
repack
