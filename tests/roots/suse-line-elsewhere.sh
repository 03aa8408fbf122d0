# SUSE's line on a Debian, whose modprobe does not know it; and an ENA driver of no kernel's.
add_module ../updates/dkms/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* "$(vermagic $kernel)" version=2.13.0g
index_modules
printf 'allow_unsupported_modules 0\n' | put etc/modprobe.d/10-unsupported-modules.conf
