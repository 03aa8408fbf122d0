# W12: RHEL 8 brought by VM Import; paths of the image hold the word nvme, and the driver is not there.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
rm -r "$tree/conf"
mkdir -p "$tree/usr/lib/udev/rules.d" "$tree/etc/nvme" "$tree/usr/sbin"
echo '# nvme' >"$tree/usr/lib/udev/rules.d/71-nvmf-iopolicy-netapp.rules"
echo nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000001 >"$tree/etc/nvme/hostnqn"
echo nvme >"$tree/usr/sbin/nvme"
pack "$root/boot/initramfs-$kernel.img" "cpio:$tree"
