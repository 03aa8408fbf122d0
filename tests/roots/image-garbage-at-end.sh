# Something that is no archive follows.
echo garbage garbage garbage >>"$root/boot/initrd.img-$kernel"
