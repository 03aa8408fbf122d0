# Lines that name no device of the machine.
echo 'tmpfs /tmp tmpfs defaults 0 0
proc /proc proc defaults 0 0
10.0.0.5:/export /mnt nfs _netdev 0 0
/srv/image.iso /mnt/iso iso9660 loop,ro 0 0
/srv/a /srv/b none bind 0 0
/dev/mapper/vg0-home /home ext4 nofail 0 2
/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0' >>"$root/etc/fstab"
