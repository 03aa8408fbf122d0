#!/bin/sh
# What the root directory is: the root of a mounted file system, whose UUID then is the volume's; or
# a plain directory, which says nothing of the file system it happens to lie in.
. "$(dirname "$0")/lib.sh"
make_root_tools=$here/../tools
. "$make_root_tools/make-root.sh"

host_uuid=11111111-2222-4333-8444-555555555555
work_root=$root
image=$work/disk
truncate -s 64M "$image"
mkfs.ext4 -q -F -U $host_uuid -L hostdisk -E offset=1048576 "$image" 60M
mount -o loop,offset=1048576 "$image" "$lower"

# facts DIR PATH...: these facts, one per line; "missing" when a path is.
facts()
{
        "$bin" facts --root "$1" | /usr/bin/python3 -c '
import json, sys
facts = json.load(sys.stdin)["facts"]
for path in sys.argv[1:]:
        value = facts
        for key in path.strip("/").split("/"):
                value = value[int(key)] if isinstance(value, list) else value.get(key, "missing") if value != "missing" else value
        print(path, json.dumps(value))' "$2" "$3" "$4" "$5" "$6"
}
wanted='/volume/mount_point /volume/uuid /volume/label /volume/fs_type /fstab/devices/0/fix_value'

root=$lower/plain
mkdir "$root"
root_debian
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
# shellcheck disable=SC2086
is 'a plain directory has no device' "$(facts "$root" $wanted)" '/volume/mount_point false
/volume/uuid "missing"
/volume/label "missing"
/volume/fs_type "missing"
/fstab/devices/0/fix_value null'
for command in facts 'check --format json' check; do
        # shellcheck disable=SC2086
        is "$command of a plain directory never shows the host's UUID" \
                "$("$bin" $command --root "$root" 2>&1 | grep -cE "$host_uuid|hostdisk")" 0
done

cp -a "$root/." "$lower/"
is 'a mounted file system has its own UUID, through a loop device with an offset' \
        "$(facts "$lower" $wanted)" "/volume/mount_point true
/volume/uuid \"$host_uuid\"
/volume/label \"hostdisk\"
/volume/fs_type \"ext4\"
/fstab/devices/0/fix_value \"UUID=$host_uuid\""
is 'the check says it where it is to be written' \
        "$("$bin" check --root "$lower" --format json | grep -c "write UUID=$host_uuid in place")" 1

mkdir "$work/bound"
mount --bind "$root" "$work/bound"
is 'a directory mounted elsewhere is no root of a file system' \
        "$(facts "$work/bound" $wanted | grep -c "$host_uuid")" 0
umount "$work/bound"

mount -o remount,ro "$lower"
mkdir "$work/upper" "$work/scratch"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/scratch" overlay "$work_root"
is 'an overlay has no device' "$(facts "$work_root" $wanted | grep -c "$host_uuid")" 0
umount "$work_root"
root=$work_root
tap_end
