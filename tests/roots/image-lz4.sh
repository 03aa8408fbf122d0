# An image compressed with lz4.
repack "lz4:$tree"
