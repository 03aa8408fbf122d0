# A kernel built to take signed modules only; one ENA driver is signed by somebody.
kernel_config MODULE_SIG_FORCE=y
add_module ../updates/dkms/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* "$(vermagic $kernel)" version=2.13.0g
printf 'a signature~Module signature appended~\n' >>"$modules/updates/dkms/ena.ko"
index_modules
