# W41: a saved blkid output with LABEL before UUID, and a label that looks like a UUID tag.
# args: --blkid blkid
printf '%s\n' '/dev/xvdf: LABEL="UUID=wrong" UUID="0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11" BLOCK_SIZE="4096" TYPE="ext4"' >"$root/../blkid"
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"
