# A swap disk of Xen to resume from, in initramfs-tools' configuration and the copy in the image.
# args: --blkid blkid
printf '%s\n' '/dev/xvdb: UUID="0b5c0e1a-93a4-4d62-9a4c-0000000000ab" TYPE="swap"' >"$root/../blkid"
mkdir -p "$tree/conf/conf.d"
echo 'RESUME=/dev/xvdb' | put etc/initramfs-tools/conf.d/resume
cp "$root/etc/initramfs-tools/conf.d/resume" "$tree/conf/conf.d/"
repack "zstd:$tree"
