# Waits for the root disk that are long enough: without a limit, the last of two, and a panic after it.
edit boot/grub/grub.cfg 's/net.ifnames=0/& rd.timeout=0 rd.retry=2 rd.retry=60 rootwait panic=1/'
