# The indexes know ena, the file is gone.
rm "$modules/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
