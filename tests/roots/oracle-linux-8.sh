# Oracle Linux 8 on EC2: entry files, the Unbreakable Enterprise Kernel before Red Hat's.
. "$make_root_tools/make-rpm-root.sh"
root_el 5.4.17-2136.310.7.1.el8uek.x86_64
os_release 'Oracle Linux Server' 8.6 ol 'Oracle Linux Server 8.6'
old_default_link
line='console=tty0 console=ttyS0,115200n8 net.ifnames=0 crashkernel=auto'
grub2_config rhel-8 "$line"
edit boot/grub2/grub.cfg '/BEGIN.*00_tuned/,/END.*00_tuned/d'
grub2_env "saved_entry=$machine_id-$kernel" boot_success=0 "kernelopts=root=UUID=$uuid ro $line "
bls_entry "Oracle Linux Server ($kernel) 8.6 with Unbreakable Enterprise Kernel" $kernel '$kernelopts'
older_kernel 4.18.0-372.9.1.el8.x86_64
bls_entry 'Oracle Linux Server (4.18.0-372.9.1.el8.x86_64) 8.6' 4.18.0-372.9.1.el8.x86_64 '$kernelopts'
use_networkmanager
bls_default_grub "$line"
printf 'UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel-uek-core\n' | put etc/sysconfig/kernel
