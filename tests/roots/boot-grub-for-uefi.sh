# RHEL 8 made for UEFI: the only grub.cfg, a complete one, is on the EFI system partition.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
mkdir -p "$root/boot/efi/EFI/redhat"
mv "$root/boot/grub2/grub.cfg" "$root/boot/grub2/grubenv" "$root/boot/efi/EFI/redhat/"
rmdir "$root/boot/grub2"
