# Without grubenv the first entry starts, with the command line grub.cfg falls back to.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
rm "$root/boot/grub2/grubenv"
