# W26: ENA built in.
rm -r "$modules/kernel/drivers/net/ethernet"
add_builtin ena drivers/net/ethernet/amazon/ena/ena 'pci:v00001D0Fd0000EC20sv*sd*bc*sc*i*'
index_modules
