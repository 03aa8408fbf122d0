# W49: on Xen no nvme is loaded, so that /sys/module does not show it.
mkdir -p "$root/sys/module/xen_blkfront" "$root/proc"
echo 'xen_blkfront 45056 2 - Live 0x0000000000000000' | put proc/modules
