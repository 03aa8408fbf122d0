# Compressed modules, as newer distributions have them.
for dir in "$modules" "$tree/usr/lib/modules/$kernel"; do
        find "$dir" -name '*.ko' -exec xz --check=crc32 {} +
done
index_modules
for index in modules.dep modules.dep.bin modules.alias.bin; do
        cp "$modules/$index" "$tree/usr/lib/modules/$kernel/"
done
repack
