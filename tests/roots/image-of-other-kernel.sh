# The image holds the modules of another kernel.
mv "$tree/usr/lib/modules/$kernel" "$tree/usr/lib/modules/5.10.0-28-amd64"
repack
