# Entries of systemd-boot that no loader reads: it is not installed.
# base: boot-systemd-boot
rm "$root/efi/EFI/systemd/systemd-bootx64.efi"
