# systemd-logind is masked, and there is no acpid.
ln -s /dev/null "$root/etc/systemd/system/systemd-logind.service"
