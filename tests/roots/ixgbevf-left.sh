# What was set up for the network card of m4 and c4.
echo 'options ixgbevf InterruptThrottleRate=1,1,1,1,1,1,1,1' | put etc/modprobe.d/ixgbevf.conf
mkdir -p "$root/var/lib/dkms/ixgbevf/4.3.5"
