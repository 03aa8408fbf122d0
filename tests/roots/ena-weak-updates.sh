# CentOS 7 with kmod-ena of another release of the kernel, linked in weak-updates.
. "$make_root_tools/make-rpm-root.sh"
root_centos7
rm -r "$modules/kernel/drivers/net/ethernet"
built_for=3.10.0-1062.el7.x86_64
add_ena_module ../weak-updates/ena version=2.8.0g sum=module_layout:1
index_modules
other=$root/usr/lib/modules/$built_for/extra/ena
mkdir -p "$other"
mv "$modules/weak-updates/ena/ena.ko" "$other/ena.ko"
ln -s "/lib/modules/$built_for/extra/ena/ena.ko" "$modules/weak-updates/ena/ena.ko"
