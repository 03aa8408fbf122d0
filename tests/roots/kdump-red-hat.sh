# kdump of Red Hat, which makes its image anew by itself.
# base: centos-7
put "boot/initramfs-${kernel}kdump.img" </dev/null
