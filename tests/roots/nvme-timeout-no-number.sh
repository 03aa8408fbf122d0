# A timeout that is no number.
nvme_core_takes io_timeout:uint
grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=30s'
