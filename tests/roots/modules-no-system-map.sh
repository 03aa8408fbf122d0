# No System.map and no config: nothing needs them.
rm -f "$root/boot/System.map-$kernel" "$root/boot/config-$kernel"
