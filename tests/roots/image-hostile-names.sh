# Names that climb, in an archive.
mkdir -p "$tree.x/aa/bb"
echo root >"$tree.x/aa/bb/passwd"
pack "$root/boot/x" "cpio:$tree.x"
sed -i 's,aa/bb/passwd,../../passwd,' "$root/boot/x"
cat "$root/boot/x" >>"$root/boot/initrd.img-$kernel"
rm "$root/boot/x"
