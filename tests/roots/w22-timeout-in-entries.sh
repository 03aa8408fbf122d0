# W22: Amazon Linux 2023, where the timeout is in the entries and not in grub.cfg.
. "$make_root_tools/make-rpm-root.sh"
root_al2023
edit boot/grub2/grub.cfg 's/ nvme_core.io_timeout=4294967295//'
