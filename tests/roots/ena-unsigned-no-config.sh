# An ENA driver without a signature, and a kernel of which nobody knows whether it wants one.
add_module ../updates/dkms/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* "$(vermagic $kernel)" version=2.13.0g
index_modules
rm "$root/boot/config-$kernel"
