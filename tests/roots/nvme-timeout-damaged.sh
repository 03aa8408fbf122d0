# The driver cannot be read, and a number is given to it.
grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295'
echo damaged >"$modules/kernel/drivers/nvme/host/nvme-core.ko"
