# Words that only look like those that switch MSI and ACPI off; the last stand behind the dashes.
edit boot/grub/grub.cfg 's/net.ifnames=0/& pci=noaer pcie_aspm=off acpi_osi=off nolapic_timer/; s/nvme_core.io_timeout=4294967295/& -- pci=nomsi noapic/'
