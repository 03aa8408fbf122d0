# The same, and the Xen entry is the default.
# base: xen-entry
edit boot/grub/grub.cfg 's/set default="0"/set default="Debian GNU\/Linux, with Xen hypervisor"/'
