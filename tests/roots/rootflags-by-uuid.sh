# The log of an XFS root on a disk of its own, by UUID, and an option that names no disk.
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=UUID=$uuid rootflags=noatime\,logdev=/dev/disk/by-uuid/0b5c0e1a-93a4-4d62-9a4c-00000000000f,"
