# An image compressed with xz.
repack "xz:$tree"
