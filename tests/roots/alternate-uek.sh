# Oracle Linux 8 whose default is Red Hat's kernel, without ENA; the Unbreakable one is in order.
# base: oracle-linux-8
# confirm: uek-or-alternate-kernel
. "$make_root_tools/make-rpm-root.sh"
rm "$root/usr/lib/modules/4.18.0-372.9.1.el8.x86_64/kernel/drivers/net/ethernet/amazon/ena/"*
depmod -b "$root" 4.18.0-372.9.1.el8.x86_64
grub2_env "saved_entry=$machine_id-4.18.0-372.9.1.el8.x86_64" boot_success=0 "kernelopts=root=UUID=$uuid ro console=tty0 console=ttyS0,115200n8 net.ifnames=0 crashkernel=auto"
