# As rebuild-dracut-hostonly, but the driver is named.
# base: rebuild-dracut-hostonly
echo 'add_drivers+=" nvme ena "' | put etc/dracut.conf.d/90-nitro.conf
