# An image compressed with gzip.
repack "gzip:$tree"
