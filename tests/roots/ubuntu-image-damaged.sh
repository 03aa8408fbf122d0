# A broken image of a kernel that has the driver built in.
# base: ubuntu
truncate -s 3000 "$root/boot/initrd.img-$kernel"
