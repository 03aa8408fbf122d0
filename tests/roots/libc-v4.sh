# Somebody's own C library, which asks for AVX-512.
mkdir -p "$root/usr/lib/x86_64-linux-gnu"
craft program "$root/usr/lib/x86_64-linux-gnu/libc.so.6" 62 4
