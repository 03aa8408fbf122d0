# Module files without the binary indexes.
rm "$modules"/modules.*.bin
