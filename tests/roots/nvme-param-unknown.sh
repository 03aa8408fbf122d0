# CentOS 7, whose NVMe driver is split, with the parameter that AWS gives for kernels before 4.6: on
# the command line, and in modprobe.d.
# base: centos-7
craft module "$modules/kernel/drivers/nvme/host/nvme-core.ko" exports=nvme_init_ctrl \
        needs=t10_pi_type1_crc parmtype=io_timeout:uint
rm "$modules/kernel/drivers/nvme/host/nvme-core.ko.xz"
xz --check=crc32 "$modules/kernel/drivers/nvme/host/nvme-core.ko"
depmod -b "$root" "$kernel"
edit boot/grub2/grub.cfg 's/net.ifnames=0/& nvme.io_timeout=4294967295/'
edit etc/default/grub 's/net.ifnames=0/& nvme.io_timeout=4294967295/'
echo 'options nvme io_timeout=255' | put etc/modprobe.d/nvme.conf
