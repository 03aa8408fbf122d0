# Parameters about clocks and idle processors that were right for one type.
edit boot/grub/grub.cfg 's/net.ifnames=0/& notsc no-kvmclock lpj=11999988 intel_idle.max_cstate=1/'
