# A FIFO among the files of modprobe.d.
mkdir -p "$root/etc/modprobe.d"
mkfifo "$root/etc/modprobe.d/local.conf"
