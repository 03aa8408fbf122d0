# The timeout AWS advises.
nvme_core_takes io_timeout:uint admin_timeout:uint
grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme-core.io_timeout=4294967295'
