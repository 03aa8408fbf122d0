# Two waits for the root disk that are too short: dracut's, and the kernel's own.
# confirm: slow-root-appearance
edit boot/grub/grub.cfg 's/net.ifnames=0/& rd.retry=5 rootwait=3 panic=1/'
