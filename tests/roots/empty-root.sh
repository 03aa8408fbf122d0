# An empty directory.
find "$root" -mindepth 1 -delete
