# The default entry's image was made on Xen for that host only; those of rescue and kdump have NVMe.
# base: rhel-9
cp "$root/boot/initramfs-$kernel.img" "$root/boot/initramfs-${kernel}kdump.img"
cp "$root/boot/initramfs-$kernel.img" "$root/boot/initramfs-0-rescue-0ec2aa11bb22cc33dd44ee55ff667788.img"
cp "$root/boot/vmlinuz-$kernel" "$root/boot/vmlinuz-0-rescue-0ec2aa11bb22cc33dd44ee55ff667788"
. "$make_root_tools/make-rpm-root.sh"
image_of_xen_host
