# A squash image inside hides the modules.
rm -r "$tree/usr/lib/modules"
printf 'hsqs' >"$tree/squashfs-root.img"
repack
