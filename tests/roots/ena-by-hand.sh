# ENA built by hand, for a kernel that has none of its own.
. "$make_root_tools/make-rpm-root.sh"
root_centos7
rm -r "$modules/kernel/drivers/net/ethernet"
add_ena_module ../extra version=2.13.0g
index_modules
