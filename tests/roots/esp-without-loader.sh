# An EFI system partition with a configuration, and nothing at the place where firmware looks.
put boot/efi/EFI/debian/grub.cfg </dev/null
put boot/efi/EFI/debian/shimx64.efi </dev/null
