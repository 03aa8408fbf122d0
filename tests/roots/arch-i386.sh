# A 32-bit system: kernel and programs.
printf '\2' | dd of="$root/boot/vmlinuz-$kernel" bs=1 seek=$((0x236)) conv=notrunc status=none
craft program "$root/usr/lib/systemd/systemd" 3
