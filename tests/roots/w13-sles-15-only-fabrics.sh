# W13: SLES 15 whose image has nvme-fabrics, nvme-tcp, hostnqn and the program nvme, but not the driver of the disk.
# base: sles-15
. "$make_root_tools/make-suse-root.sh"
dracut_image xz $xen_modules block/t10-pi drivers/nvme/host/nvme-core drivers/nvme/host/nvme-fabrics drivers/nvme/host/nvme-tcp
mkdir -p "$tree/etc/nvme" "$tree/usr/sbin" "$tree/etc/cmdline.d"
echo nqn.2014-08.org.nvmexpress:uuid:c0ffee00-0b00-4a00-8a00-000000000002 >"$tree/etc/nvme/hostnqn"
echo '#!/bin/sh' >"$tree/usr/sbin/nvme"
repack "cpio:$tree.early" "xz:$tree"
