# The largest timeout for a driver whose timeout is a byte.
nvme_core_takes io_timeout:byte
grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=255'
