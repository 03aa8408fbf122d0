# W09: ENA 2.0.3K of CentOS 7, and a target of the sixth generation.
# args: --target m6i.large
. "$make_root_tools/make-rpm-root.sh"
root_centos7
rm -r "$modules/kernel/drivers/net/ethernet/amazon"
add_ena_module drivers/net/ethernet/amazon/ena version=2.0.3K
index_modules
