# Nearly everything that can be wrong: what a machine moved from hand to hand looks like.
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
printf '%s\n' '/dev/xvdf /data ext4 defaults 0 2' '/dev/xvdb none swap sw 0 0' >>"$root/etc/fstab"
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/xvda1,; s/net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295/clocksource=xen/"
rm -r "$tree"
image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
repack
