# A kernel that takes signed modules only, by its command line, and an ENA driver that DKMS built.
add_module ../updates/dkms/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* "$(vermagic $kernel)" version=2.13.0g
index_modules
edit boot/grub/grub.cfg 's/net.ifnames=0/& module.sig_enforce=1/'
