# The C library of Red Hat 9, which asks for x86-64-v2.
# base: rhel-9
mkdir -p "$root/usr/lib64"
craft program "$root/usr/lib64/libc.so.6" 62 2
