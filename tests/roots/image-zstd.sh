# An image compressed with zstd.
repack "zstd:$tree"
