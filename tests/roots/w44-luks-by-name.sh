# W44: A data volume with LUKS, a second one that may be missing, and swap with a new key at every start, by names of Xen.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda1: UUID="$uuid" TYPE="ext4" PARTUUID="4e32584e-01"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="crypto_LUKS"
/dev/xvdg: UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="crypto_LUKS"
END
put etc/crypttab <<'END'
# <target name> <source device>         <key file>      <options>
data	/dev/xvdf	/root/data.key	luks
logs /dev/xvdg /root/logs.key luks,nofail
swap  /dev/xvdb  /dev/urandom  swap,cipher=aes-xts-plain64
END
printf '%s\n' '/dev/mapper/data /data ext4 defaults 0 2' '/dev/mapper/logs /logs ext4 nofail 0 2' \
        '/dev/mapper/swap none swap sw 0 0' >>"$root/etc/fstab"
