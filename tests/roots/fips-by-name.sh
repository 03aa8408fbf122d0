# A kernel in FIPS mode that looks for /boot by a name of Xen; fstab knows its UUID.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
line="fips=1 boot=/dev/xvda1 $line"
grub2_env "saved_entry=$machine_id-$kernel" boot_success=0 "kernelopts=root=UUID=$uuid ro $line "
bls_default_grub "$line"
echo 'UUID=c0ffee00-0b00-4a00-8a00-000000000002 /boot xfs defaults 0 0' >>"$root/etc/fstab"
