# W15: xvda1 beside xvda15 and xvda10: each gets its own UUID.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda15: LABEL_FATBOOT="UEFI" LABEL="UEFI" UUID="A1B2-C3D4" BLOCK_SIZE="512" TYPE="vfat" PARTUUID="4e32584e-0f"
/dev/xvda10: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000a" TYPE="ext4"
/dev/xvda1: UUID="$uuid" TYPE="ext4" PARTUUID="4e32584e-01"
END
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
printf '%s\n' '/dev/xvda15 /boot/efi vfat umask=0077 0 1' '/dev/xvda10 /srv ext4 nofail 0 2' >>"$root/etc/fstab"
