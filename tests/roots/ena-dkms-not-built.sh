# CentOS 7 of the Xen era: ENA by DKMS, built for the kernel before only.
. "$make_root_tools/make-rpm-root.sh"
root_centos7
rm -r "$modules/kernel/drivers/net/ethernet"
index_modules
put var/lib/dkms/amzn-drivers/2.2.9/3.10.0-514.el7.x86_64/x86_64/module/ena.ko </dev/null
printf 'PACKAGE_NAME="ena"\nAUTOINSTALL="yes"\n' | put usr/src/amzn-drivers-2.2.9/dkms.conf
