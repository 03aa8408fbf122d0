# RHEL 9: the root's volume group is known to LVM by the names of Xen's disks only.
# base: rhel-9
edit etc/fstab "s,^UUID=$uuid,/dev/mapper/rhel-root,"
put etc/lvm/devices/system.devices <<'END'
# LVM uses devices listed in this file.
# Created by LVM command vgimportdevices pid 2211 at Wed Jan 10 10:00:00 2024
VERSION=1.1.2
IDTYPE=devname IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2 PVID=y5gyobFrxjKZlLUr8uXMEDNWVuM5QZjI PART=2
IDTYPE=sys_wwid IDNAME=nvme.1d0f-766f6c3031 DEVNAME=/dev/nvme1n1 PVID=. PART=0
END
mkdir -p "$tree/etc/lvm/devices"
cp "$root/etc/lvm/devices/system.devices" "$tree/etc/lvm/devices/"
pack "$root/boot/initramfs-$kernel.img" "cpio:$tree"
for entry in "$root"/boot/loader/entries/*.conf; do
        edit "boot/loader/entries/${entry##*/}" "s,root=UUID=$uuid,root=/dev/mapper/rhel-root,"
done
echo '/dev/mapper/rhel-home /home xfs defaults 0 0' >>"$root/etc/fstab"
