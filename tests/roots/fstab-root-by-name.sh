# The root line names the Xen disk.
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
