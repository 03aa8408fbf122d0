# Ubuntu 20.04 with a data volume by its Xen name and no nofail; cloud-init's own line has it.
# base: ubuntu-20.04
printf '%s\n' '/dev/xvdb /mnt auto defaults,nofail,x-systemd.requires=cloud-init.service,comment=cloudconfig 0 2' \
        '/dev/xvdf /srv ext4 defaults 0 2' >>"$root/etc/fstab"
