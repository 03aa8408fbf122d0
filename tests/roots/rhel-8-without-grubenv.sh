# Without grubenv the first entry starts, with the command line grub.cfg falls back to.
# base: rhel-8
. "$make_root_tools/make-rpm-root.sh"
rm "$root/boot/grub2/grubenv"
