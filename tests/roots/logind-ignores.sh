# A drop-in of logind.conf says to ignore the power button; acpid is enabled and hears it.
printf '[Login]\n#HandlePowerKey=poweroff\n' | put etc/systemd/logind.conf
printf '[Login]\nHandlePowerKey=ignore\n' | put etc/systemd/logind.conf.d/10-power.conf
put usr/sbin/acpid </dev/null
put usr/lib/systemd/system/acpid.service </dev/null
ln -s /lib/systemd/system/acpid.service "$root/etc/systemd/system/multi-user.target.wants/acpid.service"
