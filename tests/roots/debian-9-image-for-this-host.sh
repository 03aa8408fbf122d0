# Debian 9 whose initramfs was made on Xen with MODULES=dep.
# base: debian-9
. "$make_root_tools/make-deb-root.sh"
: >"$modules/modules.builtin.modinfo"
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
sed -i s/most/dep/ "$tree/conf/initramfs.conf"
no_builtin_modinfo
