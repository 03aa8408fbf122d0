# An image compressed with bzip2.
repack "bzip2:$tree"
