# The driver is built in, and the image holds the modules of another kernel.
# base: ubuntu
mv "$tree/usr/lib/modules/$kernel" "$tree/usr/lib/modules/6.5.0-1020-aws"
repack
