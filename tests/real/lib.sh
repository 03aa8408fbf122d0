# Tests of real roots; sourced by test-NAME.sh, which then states mutations.
#
#   use_root NAME                       the disk image of recipes/NAME, built when the cache has none
#   baseline VERDICT [OUTCOME...]       what the machine is as built
#   mutate NAME OUTCOME... -- COMMANDS  a change, and every finding it may change
#   mutate_disk NAME OUTCOME... -- ...  the same on a copy of the disk, where GRUB and
#                                       initramfs-tools see the device below /
#
# An OUTCOME is "RULE SEVERITY OUTCOME". The outcomes of the rules named must be exactly those, and
# those of all others as on the baseline.
#
# A test mounts the file system read-only through a loop device with an offset, and gives every
# mutation a writable overlay on top, so that a mutation costs what it changes. All of it happens in
# a mount namespace of its own.
set -u
here=${here:-$(dirname "$0")}
B=${B:-build}
ROOTS_CACHE=${ROOTS_CACHE:-/var/cache/xen2nitro-roots}
export LC_ALL=C TZ=UTC

skip_all()
{
        printf '1..1\nok 1 - %s # SKIP %s\n' "$(basename "$0" .sh)" "$1"
        exit 0
}
[ "$(id -u)" = 0 ] || skip_all 'needs root, to mount and to chroot'
for tool in mmdebstrap unshare losetup partx mkfs.ext4 mkfs.xfs; do
        command -v $tool >/dev/null || skip_all "needs $tool"
done
[ -e /dev/loop-control ] || skip_all 'needs loop devices'
[ "${IN_NAMESPACE:-}" ] || IN_NAMESPACE=1 exec unshare --mount --propagation private sh "$0" "$@"
unset IN_NAMESPACE

. "$here/../tap.sh"
. "$here/disk.sh"
work=$(mktemp -d)
root=$work/root
lower=$work/lower
disk_copy=
finish_root()
{
        disk_release "$root"
        ! mountpoint -q "$lower" || umount -R "$lower"
        ! mountpoint -q "$work" || umount "$work"
        rmdir "$work"
        rm -f "$disk_copy"
        rm -rf "$tap_tmp"
}
trap finish_root EXIT
mount -t tmpfs -o mode=755 tmpfs "$work" # an overlay's upper directory may not be on an overlay
mkdir "$root" "$lower"

# root_image NAME: prints the path of the disk image.
root_image()
{
        hash=$(cat "$here/build-root.sh" "$here/disk.sh" "$here/recipes/$1" | sha256sum | cut -c 1-12)
        path=$ROOTS_CACHE/$1-$hash.img
        mkdir -p "$ROOTS_CACHE"
        (
                flock 9
                [ -e "$path" ] && exit 0
                rm -f "$ROOTS_CACHE/$1-"????????????.img
                sh "$here/build-root.sh" "$here/recipes/$1" "$path" >&2
        ) 9>"$ROOTS_CACHE/$1.lock" && echo "$path"
}

use_root()
{
        recipe_defaults
        . "$here/recipes/$1"
        image=$(root_image "$1") || { echo "Bail out! cannot build $1"; exit 1; }
        case $fs_type in
        ext4) mount_image "$image" "$lower" ro,noload ;;
        xfs) mount_image "$image" "$lower" ro,norecovery ;;
        esac
}

# mount_image IMAGE DIR OPTIONS: the root through a loop device, and /boot where it is separate.
mount_image()
{
        also=
        [ $fs_type != xfs ] || also=,nouuid # the image and a copy of it may be mounted together
        [ -z "$boot_uuid" ] || also=$also,sizelimit=$(((boot_sector - first_sector) * 512))
        mount -o "$3$also,loop,offset=$((first_sector * 512))" "$1" "$2"
        [ -z "$boot_uuid" ] || mount -o "${3%,norecovery},loop,offset=$((boot_sector * 512))" "$1" "$2/boot"
}

# overlay LOWER NAME DIR: a writable layer that lives in the test's own memory.
overlay()
{
        rm -rf "$work/$2-upper" "$work/$2-scratch"
        mkdir "$work/$2-upper" "$work/$2-scratch"
        mount -t overlay -o "lowerdir=$1,upperdir=$work/$2-upper,workdir=$work/$2-scratch" overlay "$3"
}

# check DIR: the report in $report (a file), the exit code in $status, one line per outcome in $summary.
check()
{
        report=$work/report.json
        "$bin" check --root "$1" --format json >"$report"
        status=$?
        summary=$(/usr/bin/python3 - "$report" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
lines = {f"{f['rule']} {f['severity']} {f['outcome']}" for f in report["findings"]}
print("verdict " + report["verdict"], *sorted(lines), sep="\n")
END
        )
}

baseline()
{
        verdict=$1
        shift
        check "$lower"
        base=$(printf '%s\n' "$summary" | sed 1d)
        is "$verdict as built" "$(printf '%s\n' "$summary" | grep -E '^verdict| (fail|unknown)$')" \
                "$(printf '%s\n' "verdict $verdict" "$@")"
        is 'the UUID is that of the file system' "$("$bin" facts --root "$lower" |
                /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["facts"]["volume"]["uuid"])')" "$uuid"
}

# expected: the baseline, with the rules of $outcomes replaced.
expected()
{
        {
                printf '%s\n' "$base" | while read -r rule rest; do
                        printf '%s\n' "$outcomes" | grep -q "^$rule " || echo "$rule $rest"
                done
                printf '%s\n' "$outcomes"
        } | sed '/^$/d' | sort -u
}

# Splits "OUTCOME... -- COMMANDS" into $outcomes (lines) and $commands.
split_mutation()
{
        outcomes=
        while [ "$1" != -- ]; do
                outcomes="$outcomes${outcomes:+
}$1"
                shift
        done
        shift
        commands=$1
}

# change: runs $commands in the root; false, with the output as a comment, when one of them fails.
change()
{
        (cd "$root" && set -e && eval "$commands") >"$work/log" 2>&1 && return 0
        tap_n=$((tap_n + 1))
        echo "not ok $tap_n - $1"
        sed 's/^/# /' "$work/log"
        return 1
}

# Only the rules that come out otherwise are shown.
judge()
{
        check "$root"
        printf '%s\n' "$summary" | sed 1d | sort >"$work/got"
        expected | sort >"$work/expected"
        is "$1" "$(comm -23 "$work/got" "$work/expected")" "$(comm -13 "$work/got" "$work/expected")"
}

mutate()
{
        title=$1
        shift
        split_mutation "$@"
        overlay "$lower" root "$root"
        [ -z "$boot_uuid" ] || overlay "$lower/boot" boot "$root/boot"
        ! change "$title" || judge "$title"
        umount -R "$root"
}

mutate_disk()
{
        title=$1
        shift
        split_mutation "$@"
        disk_copy=$(mktemp -p "$ROOTS_CACHE" copy-XXXXXX)
        cp --sparse=always --reflink=auto "$image" "$disk_copy"
        disk_attach "$disk_copy" "$uuid" "$boot_uuid"
        disk_mount "$root"
        changed=1
        change "$title" || changed=0
        disk_release "$root"
        if [ $changed = 1 ]; then
                mount_image "$disk_copy" "$root" rw
                judge "$title"
                umount -R "$root"
        fi
        rm -f "$disk_copy"
        disk_copy=
}

# in_root COMMAND...: for use in mutations; the current directory is the root.
in_root()
{
        if ! mountpoint -q proc; then
                mount -t tmpfs -o mode=755 tmpfs dev
                for node in null zero full random urandom; do
                        cp -a "/dev/$node" dev/
                done
                ln -s /proc/self/fd dev/fd
                mount -t proc proc proc
                mount -t sysfs -o ro sysfs sys
        fi
        env -u TMPDIR chroot . "$@"
}

# The kernel that the default entry of grub.cfg starts, as the recipe sets it.
boot_kernel()
{
        ls boot/vmlinuz-* | sed 's,.*/vmlinuz-,,' | sort -V | if [ "$default" = 0 ]; then tail -n 1; else head -n 1; fi
}
