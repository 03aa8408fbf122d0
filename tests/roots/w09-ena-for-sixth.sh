# W09: ENA 1.1.2, and a target of the sixth generation.
# args: --target m6i.large
. "$make_root_tools/make-rpm-root.sh"
root_centos7
rm -r "$modules/kernel/drivers/net/ethernet/amazon"
add_ena_module drivers/net/ethernet/amazon/ena version=1.1.2
index_modules
