# W03: NVMe is built in, and System.map is the one line that Debian's packages leave there.
# base: ubuntu
echo "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package" | put "boot/System.map-$kernel"
rm -f "$root/boot/config-$kernel"
