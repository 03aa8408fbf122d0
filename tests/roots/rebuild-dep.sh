# MODULES=dep in a file of conf.d, behind initramfs.conf which says most.
put usr/sbin/mkinitramfs </dev/null
echo 'MODULES=most' | put etc/initramfs-tools/initramfs.conf
echo 'MODULES=dep' | put etc/initramfs-tools/conf.d/driver-policy
