# Words of the command line that switch off MSI and more, beside one that does no harm.
# confirm: pci-msi-acpi-disabled
edit boot/grub/grub.cfg 's/net.ifnames=0/& pci=noaer,nomsi noapic acpi=off/'
