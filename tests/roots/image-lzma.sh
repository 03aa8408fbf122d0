# An image compressed with lzma.
repack "lzma:$tree"
