# What is no text of a sensible size, or no file at all, is not known; in a directory the rest is looked at.
mkdir -p "$root/etc/cron.d" "$root/usr/local/bin/tools"
mkfifo "$root/etc/rc.local" "$root/usr/local/bin/fifo"
{ echo '#!/bin/sh'; head -c 300000 /dev/zero | tr '\0' x; } | put usr/local/bin/installer
head -c 300000 /dev/zero | put usr/local/bin/program
ln -s a "$root/etc/cron.d/b"
ln -s b "$root/etc/cron.d/a"
