# The file of the driver became something else; the indexes still know it.
printf '\n\n\n<!DOCTYPE html>\n<html>\n' >"$modules/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
