# nvme is there, nvme-core is not.
rm "$modules/kernel/drivers/nvme/host/nvme-core.ko"
