# device.map of three disks: what stays and what is a comment is not touched, nor is the missing newline.
printf '# made by anaconda\r\n(fd0) /dev/fd0\r\n  (hd0)\t/dev/xvda\r\n(hd1) /dev/disk/by-id/x\n(hd2) /dev/sdf' | put boot/grub/device.map
