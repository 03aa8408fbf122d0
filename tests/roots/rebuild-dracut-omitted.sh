# dracut has left the driver out, for it is told so; in a file of its own it is asked for.
# base: al2023
. "$make_root_tools/make-rpm-root.sh"
put usr/bin/dracut </dev/null
mkdir -p "$root/etc/dracut.conf.d"
echo 'omit_drivers+=" nvme nvme_core "' | put etc/dracut.conf.d/no-nvme.conf
image_of_xen_host
