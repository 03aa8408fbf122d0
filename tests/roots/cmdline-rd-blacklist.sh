# The command line forbids the driver: rd.driver.blacklist=nvme.
edit boot/grub/grub.cfg 's/net.ifnames=0/& rd.driver.blacklist=nvme/'
