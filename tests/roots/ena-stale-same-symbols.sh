# A driver of another release in updates, every symbol of which is as the kernel's own driver has it.
ena=drivers/net/ethernet/amazon/ena
add_ena_module $ena sum=module_layout:7fb4e2a1 sum=pci_enable_device:2
built_for=6.1.0-13-amd64
add_ena_module ../updates version=2.8.0g sum=module_layout:7fb4e2a1
index_modules
