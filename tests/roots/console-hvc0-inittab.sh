# CentOS 6 with logins on a terminal of Xen: in inittab, and as a job of Upstart; a comment is none.
# base: centos-6-prepared
printf '#co:2345:respawn:/sbin/agetty xvc0 9600 vt100\nh0:2345:respawn:/sbin/agetty -L hvc0 9600 vt100\n' >>"$root/etc/inittab"
printf 'start on stopped rc RUNLEVEL=[2345]\nrespawn\nexec /sbin/agetty /dev/hvc0 115200 vt100-nav\n' | put etc/init/hvc0.conf
printf 'hvc0\nxvc0\ntty1\n' | put etc/securetty
