# W27: Debian with the kernel's own ENA driver, hidden by one that DKMS built for the kernel before.
ena=drivers/net/ethernet/amazon/ena
add_ena_module $ena sum=module_layout:7fb4e2a1 sum=pci_enable_device:2
built_for=6.1.0-13-amd64
add_ena_module ../updates/dkms version=2.8.0g sum=module_layout:1e3d5a70 sum=pci_enable_device:2
put var/lib/dkms/amzn-drivers/2.8.0/6.1.0-13-amd64/x86_64/module/ena.ko </dev/null
echo 'AUTOINSTALL="yes"' | put usr/src/amzn-drivers-2.8.0/dkms.conf
index_modules
