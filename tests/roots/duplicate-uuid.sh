# A copy of the data volume is attached beside it; two members of a btrfs have one UUID by design.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda1: UUID="$uuid" TYPE="ext4" PARTUUID="4e32584e-01"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="xfs"
/dev/xvdg: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="xfs"
/dev/xvdh: UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="btrfs"
/dev/xvdi: UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="btrfs"
END
printf '%s\n' 'UUID=0b5c0e1a-93a4-4d62-9a4c-00000000000f /data xfs defaults 0 2' \
        'UUID=0b5c0e1a-93a4-4d62-9a4c-000000000010 /pool btrfs defaults 0 2' >>"$root/etc/fstab"
