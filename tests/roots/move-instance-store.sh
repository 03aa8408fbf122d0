# Disks of the host, which a stop empties; the target has none.
# args: --source m3.large --target m5.large
