# The root on an array, mdadm.conf mended, and the copy in the image as it was when the image was made.
edit etc/fstab "s,UUID=$uuid,/dev/md0,"
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/md0,"
mkdir -p "$tree/etc/mdadm"
echo 'ARRAY /dev/md0 UUID=3aaa0122:29827cfa:5331ad66:ca767371' | put etc/mdadm/mdadm.conf
cp "$root/etc/mdadm/mdadm.conf" "$tree/etc/mdadm/"
echo 'DEVICE /dev/xvda1' >>"$tree/etc/mdadm/mdadm.conf"
repack "zstd:$tree"
