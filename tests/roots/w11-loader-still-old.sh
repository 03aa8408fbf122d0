# W11: Debian upgraded from 8 to 10; the loader still starts 3.16, which has NVMe (one module) and no ENA driver.
two_kernels
rm -r "$root/boot/vmlinuz-5.10.0-28-amd64" "$root/boot/initrd.img-5.10.0-28-amd64" "$root/usr/lib/modules/5.10.0-28-amd64"
edit boot/grub/grub.cfg 's/5\.10\.0-28-amd64/3.16.0-4-amd64/g; s/set default="0"/set default="1>2"/'
kernel=3.16.0-4-amd64
modules=$root/usr/lib/modules/$kernel
mkdir "$modules"
: >"$modules/modules.order"
: >"$modules/modules.builtin"
: >"$modules/modules.builtin.modinfo"
craft kernel "$root/boot/vmlinuz-$kernel" $kernel
add_xen_modules
add_module drivers/block/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*'
index_modules
image_tree "$tree.old" drivers/block/xen-blkfront drivers/net/xen-netfront drivers/block/nvme
repack
