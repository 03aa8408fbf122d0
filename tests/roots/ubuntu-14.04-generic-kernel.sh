# Ubuntu 14.04 with the generic kernel 3.13 that its images on EC2 had: no ENA driver.
# base: ubuntu-14.04
. "$make_root_tools/make-deb-root.sh"
rm -r "$root/lib/modules/$kernel" "$root/boot/vmlinuz-$kernel" "$root/boot/initrd.img-$kernel" "$tree"
kernel=3.13.0-170-generic
modules=$root/lib/modules/$kernel
mkdir -p "$modules"
: >"$modules/modules.order"
: >"$modules/modules.builtin"
: >"$modules/modules.builtin.modinfo"
craft kernel "$root/boot/vmlinuz-$kernel" $kernel
add_builtin xen_blkfront drivers/block/xen-blkfront
add_module drivers/net/xen-netfront alias=xen:vif
add_module drivers/block/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*'
index_modules
image_tree "$tree" drivers/block/nvme
repack "gzip:$tree"
ubuntu_menu 'console=tty1 console=ttyS0'
