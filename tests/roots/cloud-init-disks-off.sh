# Trap: cloud-init is turned off.
# base: cloud-init-disks
rm -r "$root/var/lib/cloud/instance/scripts"
put etc/cloud/cloud-init.disabled </dev/null
