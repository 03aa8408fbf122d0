# W31: a root by UUID that is checked at boot, and no nofail: as it should be.
# args: --blkid blkid
echo "/dev/xvda1: UUID=\"$uuid\" TYPE=\"xfs\"" >"$root/../blkid"
printf '# / was made by the installer\nUUID=%s\t/ xfs defaults 0 1\n' "$uuid" >"$root/etc/fstab"
