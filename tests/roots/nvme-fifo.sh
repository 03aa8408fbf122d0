# A FIFO where nvme.ko should be.
rm "$modules/kernel/drivers/nvme/host/nvme.ko"
mkfifo "$modules/kernel/drivers/nvme/host/nvme.ko"
