# The root on a logical volume, lvm.conf mended, and the copy in the image as it was when the image was made.
put etc/lvm/backup/vg0 </dev/null
edit etc/fstab "s,UUID=$uuid,/dev/vg0/root,"
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/vg0/root,"
echo 'devices { filter = [ "a|^/dev/nvme|", "a|^/dev/xvd|", "r|.*|" ] }' | put etc/lvm/lvm.conf
mkdir -p "$tree/etc/lvm"
echo 'devices { filter = [ "a|^/dev/xvd|", "r|.*|" ] }' >"$tree/etc/lvm/lvm.conf"
repack "zstd:$tree"
