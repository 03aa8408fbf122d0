# A kernel without hot-plug, and a target of bare metal.
# args: --target m5.metal
kernel_config HOTPLUG_PCI_ACPI=n HOTPLUG_PCI_PCIE=n
