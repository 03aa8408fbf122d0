# Hot-plug as a module that nothing loads; a comment names it.
kernel_config HOTPLUG_PCI_ACPI=m
echo '# acpiphp is not needed' | put etc/modules
