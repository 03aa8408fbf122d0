# A copy of Ubuntu 18.04 whose netplan matches by MAC address, and cloud-init is turned off.
# base: net-ubuntu-18.04
# args: --mode clone
put etc/cloud/cloud-init.disabled </dev/null
put usr/lib/python3/dist-packages/cloudinit/net/netplan.py </dev/null
