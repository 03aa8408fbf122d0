# The indexes know nvme, the file is gone.
rm "$modules/kernel/drivers/nvme/host/nvme.ko"
