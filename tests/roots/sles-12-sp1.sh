# SLES 12 SP1, before SUSE supported Nitro: no ENA driver, NVMe not in the image.
. "$make_root_tools/make-suse-root.sh"
suse_root 3.12.74-60.64.40-default sles 12.1 'SUSE Linux Enterprise Server 12 SP1' 'SLES 12-SP1' \
        'console=tty0 console=ttyS0,115200n8 multipath=off'
old_default_link
add_module drivers/block/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*'
index_modules
dracut_image xz $xen_modules
rm "$modules/modules.builtin.modinfo"
