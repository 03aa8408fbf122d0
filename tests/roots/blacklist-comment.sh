# A comment, another module, another suffix.
printf '%s\n' '# blacklist nvme' 'blacklist nvme-tcp' 'blacklist xen_fbfront' >"$tree/etc/modprobe.d/local.conf"
echo 'blacklist nvme' >"$tree/etc/modprobe.d/local.conf.dpkg-old"
repack
