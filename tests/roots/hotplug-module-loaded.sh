# Hot-plug as a module that is loaded by name.
kernel_config HOTPLUG_PCI_ACPI=m
echo acpiphp | put etc/modules-load.d/hotplug.conf
