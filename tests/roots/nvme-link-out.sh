# nvme.ko is a link out of the root.
ln -sf /../../../../../../etc/passwd "$modules/kernel/drivers/nvme/host/nvme.ko"
