# A machine that was prepared by hand with NVMe names, for two disks.
printf '%s\n' '/dev/nvme1n1 /data ext4 defaults,nofail 0 2' '/dev/nvme2n1p1 /logs ext4 defaults,nofail 0 2' >>"$root/etc/fstab"
