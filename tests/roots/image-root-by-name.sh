# RHEL 8 whose boot entry has no root=: dracut wrote into the image what the root was called on Xen.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
grub2_env saved_entry="$machine_id-$kernel" kernelopts='ro console=ttyS0,115200n8 net.ifnames=0'
mkdir -p "$tree/etc/cmdline.d"
echo ' root=/dev/xvda2 rootfstype=xfs rootflags=rw,relatime' >"$tree/etc/cmdline.d/95root-dev.conf"
pack "$root/boot/initramfs-$kernel.img" "cpio:$tree"
