# ENA put there by hand, compressed with zstd; the kernel's own modules are not compressed.
rm -r "$modules/kernel/drivers/net/ethernet"
add_ena_module ../extra version=2.13.0g
zstd --quiet --rm "$modules/extra/ena.ko"
index_modules
