# The predictable name is configured, but names stay the kernel's.
edit etc/network/interfaces 's/eth0/ens5/'
