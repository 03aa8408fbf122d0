# W06: /dev/sdf is a link to xvdf on Xen; a line by LABEL is looked up.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda1: UUID="$uuid" TYPE="ext4" PARTUUID="4e32584e-01"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="ext4"
/dev/xvdg: LABEL="logs" UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="ext4"
END
put etc/udev/rules.d/51-ec2-hvm-devices.rules <<'END'
KERNEL=="xvd*", PROGRAM="/usr/sbin/ec2udev-vbd %k", SYMLINK+="%c"
END
printf '%s\n' '/dev/sdf /data ext4 defaults,nofail 0 2' 'LABEL=logs /logs ext4 defaults 0 2' >>"$root/etc/fstab"
