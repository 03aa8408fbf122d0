# What cloud-init writes for instance store: marked, and it may be missing.
printf '/dev/xvdb\t/mnt\tauto\tdefaults,nofail,x-systemd.requires=cloud-init.service,_netdev,comment=cloudconfig\t0\t2\n' >>"$root/etc/fstab"
