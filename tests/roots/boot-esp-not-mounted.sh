# No loader for a BIOS, and the EFI system partition that fstab names is not mounted.
rm -r "$root/boot/grub"
mkdir -p "$root/boot/efi"
echo 'UUID=D6C4-DA90 /boot/efi vfat umask=0077 0 1' >>"$root/etc/fstab"
