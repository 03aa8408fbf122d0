# Mount units by UUID and of tmpfs, a masked one, and a name in a comment and in Description only.
units=$root/etc/systemd/system
put etc/systemd/system/data.mount <<'END'
[Unit]
Description=What was /dev/xvdf
[Mount]
# What=/dev/xvdf
What=/dev/disk/by-uuid/0b5c0e1a-93a4-4d62-9a4c-00000000000f
Where=/data
END
put etc/systemd/system/scratch.mount <<'END'
[Mount]
What=tmpfs
Where=/scratch
Type=tmpfs
END
ln -s /dev/null "$units/dev-xvdb.swap"
mkdir -p "$units/local-fs.target.requires"
ln -s ../data.mount "$units/local-fs.target.requires/"
