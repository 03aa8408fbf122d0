# Microcode, firmware, modules, and the rest in a compressed archive.
mkdir -p "$tree.1/kernel/x86/microcode" "$tree.2/usr/lib/firmware" "$tree.3/usr/lib"
head -c 2048 /dev/zero >"$tree.1/kernel/x86/microcode/GenuineIntel.bin"
echo firmware >"$tree.2/usr/lib/firmware/amd.bin"
mv "$tree/usr/lib/modules" "$tree.3/usr/lib/"
repack "cpio:$tree.1" "cpio:$tree.2" "cpio:$tree.3" "zstd:$tree"
