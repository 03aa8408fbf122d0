# An EFI system partition with the loader that firmware looks for, and nothing for it to read.
put boot/efi/EFI/boot/bootx64.efi </dev/null
