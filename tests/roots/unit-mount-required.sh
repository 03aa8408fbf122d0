# A mount unit that local-fs.target requires, with a drop-in that names another disk, and swap as a unit.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda1: UUID="$uuid" TYPE="ext4" PARTUUID="4e32584e-01"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="xfs"
/dev/xvdb: UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="swap"
END
units=$root/etc/systemd/system
put etc/systemd/system/data.mount <<'END'
[Unit]
Description=Data
# /dev/xvdz was here

[Mount]
What = /dev/xvdf
Where=/data
Type=xfs

[Install]
RequiredBy=local-fs.target
END
put etc/systemd/system/dev-xvdb.swap <<'END'
[Swap]
What=/dev/xvdb
END
mkdir -p "$units/local-fs.target.requires" "$units/swap.target.wants"
ln -s ../data.mount "$units/local-fs.target.requires/"
ln -s ../dev-xvdb.swap "$units/swap.target.wants/"
