# The timeout AWS advises in modprobe.d of the root only; the driver's is a byte.
nvme_core_takes io_timeout:byte
grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0'
echo 'options nvme_core io_timeout=4294967295' | put etc/modprobe.d/nvme.conf
