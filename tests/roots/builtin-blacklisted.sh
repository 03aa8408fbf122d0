# blacklist does not touch what is built in.
# base: ubuntu
echo 'blacklist nvme' | put etc/modprobe.d/local.conf
cp -R "$root/etc/modprobe.d/local.conf" "$tree/etc/modprobe.d/"
repack
