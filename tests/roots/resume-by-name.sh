# A swap disk of Xen to resume from, on the command line and in initramfs-tools' configuration.
edit boot/grub/grub.cfg 's, net.ifnames=0, resume=/dev/xvdb net.ifnames=0,'
put etc/initramfs-tools/conf.d/resume <<'END'
# RESUME=/dev/xvdz
RESUME="/dev/xvdb"
END
