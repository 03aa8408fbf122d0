# A machine that once was paravirtual: Xen's wall clock in sysctl.conf, in sysctl.d and in a script.
printf '# local\nvm.swappiness = 1\n\txen.independent_wallclock = 1\r\nnet.ipv4.ip_forward=1' | put etc/sysctl.conf
printf 'xen/independent_wallclock=1\n' | put etc/sysctl.d/60-xen.conf
printf '#!/bin/sh\necho 1 > /proc/sys/xen/independent_wallclock\n' | put etc/rc.local
