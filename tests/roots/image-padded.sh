# Zeros between the archives and after them.
repack "cpio:$tree"
head -c 4096 /dev/zero >>"$root/boot/initrd.img-$kernel"
pack "$root/boot/late" "gzip:$tree"
cat "$root/boot/late" >>"$root/boot/initrd.img-$kernel"
head -c 512 /dev/zero >>"$root/boot/initrd.img-$kernel"
rm "$root/boot/late"
