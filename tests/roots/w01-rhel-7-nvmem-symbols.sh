# W01: RHEL 7.9 with nvmem_* in System.map, NVMe a module, and an image made on Xen for that host only.
# base: rhel-7
. "$make_root_tools/make-rpm-root.sh"
image_of_xen_host
printf 'ffffffff81a0c0d0 T %s\n' nvmem_register nvmem_cell_get nvmem_device_read | put boot/System.map-$kernel
