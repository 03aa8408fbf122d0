# A kernel without the ENA driver.
rm -r "$modules/kernel/drivers/net/ethernet"
index_modules
