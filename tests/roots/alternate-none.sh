# The kernel that starts next has no ENA driver, and the other of the menu would not come up, either.
two_kernels
rm "$modules/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
index_modules
