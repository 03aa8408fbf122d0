# W48: the root line says /dev/sda1, where the disk is xvda1: the running machine shows it mounted and fine.
edit etc/fstab "s,UUID=$uuid,/dev/sda1,"
