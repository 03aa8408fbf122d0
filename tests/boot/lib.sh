# Verdicts and fixes against the truth; sourced by test-NAME.sh, which then states cases.
#
#   use_disk NAME                                   a disk of ../real/recipes
#   boot TITLE VERDICT TRUTH AFTER [OPTION...] -- COMMANDS
#                                                   one machine; OPTIONs are for fix
#   boot_quick ...                                  one that BOOT=quick starts, too
#
# VERDICT is `not-ready:RULE[,RULE]`, with exactly the blockers that fail, `ready:RULE[,RULE]`, with
# those that could have failed and let it pass, or `ready`.
#
# CASES="3 7" are the only ones, counted from 1, for use while one is being made.
#
# COMMANDS are the change, run in the root with the disk attached as on Xen. Then the disk is, as on a
# rescue instance, mounted under another name and checked (VERDICT); started as Nitro would, from
# NVMe (TRUTH, see machine.py); mounted and fixed; where that changed a file, started again (AFTER,
# with "exit 1" where fix says that it is not enough), mounted and rolled back: every file must then be as it was before.
#
# Two more volumes are attached, /dev/xvdf (ext4) and /dev/xvdb (swap) on Xen; check and fix know them
# from a saved output of blkid.
here=$(dirname "$0")/../real
. "$here/lib.sh"
command -v qemu-system-x86_64 >/dev/null || skip_all 'needs qemu-system-x86_64'

boots=$(dirname "$0")
table=$B/boot/$(basename "$0" .sh)
data_uuid=c0ffee00-0b00-4a00-8a00-0000000000da
swap_uuid=c0ffee00-0b00-4a00-8a00-0000000000db
mkdir -p "$table.console"
: >"$table.table"
truncate -s 32M "$work/data" "$work/swap"
mkfs.ext4 -q -F -U $data_uuid -O ^metadata_csum_seed,^orphan_file "$work/data" 2>/dev/null ||
        mkfs.ext4 -q -F -U $data_uuid -O ^metadata_csum_seed "$work/data"
mkswap -q -U $swap_uuid "$work/swap"

save_blkid()
{
        {
                echo "/dev/xvda1: UUID=\"$uuid\" BLOCK_SIZE=\"4096\" TYPE=\"$fs_type\" PARTUUID=\"4e32584e-01\""
                [ -z "$boot_uuid" ] || echo "/dev/xvda2: UUID=\"$boot_uuid\" BLOCK_SIZE=\"4096\" TYPE=\"ext4\" PARTUUID=\"4e32584e-02\""
                echo "/dev/xvdf: UUID=\"$data_uuid\" BLOCK_SIZE=\"1024\" TYPE=\"ext4\""
                echo "/dev/xvdb: UUID=\"$swap_uuid\" TYPE=\"swap\""
        } >"$work/blkid"
}

# What is still under way when all else is up: mounts that may be missing, cards that came late.
write_witness()
{
        cat >usr/local/sbin/witness <<'EOT'
#!/bin/sh
under_way()
{
        systemctl list-jobs --no-legend 2>/dev/null | grep -E '[.](mount|swap|device) ' ||
                { [ -z "$links" ] && grep -sxE 'ifup|dhclient' /proc/[0-9]*/comm; }
}
udevadm settle
for second in $(seq 60); do
        links=$(ip -o -4 addr show scope global | awk '{ print $2 }')
        under_way >/dev/null || break
        sleep 1
done
mounts=$(awk '$1 ~ "^/dev/" && $2 != "/" && $2 != "/boot" { print $2 }' /proc/mounts)
swaps=$(awk 'NR == 2 { print "swap" }' /proc/swaps)
echo "WITNESS" ${links:+up} ${links:-no-network} $mounts $swaps >/dev/ttyS0
EOT
        chmod 755 usr/local/sbin/witness
}

plant_service()
{
        cat >etc/systemd/system/witness.service <<'EOT'
[Unit]
After=multi-user.target network.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/witness
EOT
        mkdir -p etc/systemd/system/multi-user.target.wants etc/systemd/system.conf.d
        ln -s ../witness.service etc/systemd/system/multi-user.target.wants/
        case $suite in
        bullseye) limit=DefaultTimeoutStartSec=40s ;;
        *) limit=DefaultDeviceTimeoutSec=20s ;;
        esac
        printf '[Manager]\n%s\n' $limit >etc/systemd/system.conf.d/witness.conf
        for timer in apt-daily apt-daily-upgrade e2scrub_all fstrim; do
                ln -sf /dev/null "etc/systemd/system/$timer.timer"
        done
}

# It says on the console how far the machine came. Of the rest only time is changed: the menu does
# not wait, and systemd waits 20 seconds for a disk in place of 90 (bullseye's 40 for everything, for
# it knows but one limit).
plant_witness()
{
        write_witness
        if [ -e etc/inittab ]; then
                echo 'wi:2345:once:/usr/local/sbin/witness' >>etc/inittab
        else
                plant_service
        fi
        sed -i s/^GRUB_TIMEOUT=.*/GRUB_TIMEOUT=0/ etc/default/grub
        sed -i s/timeout=5/timeout=0/ boot/grub/grub.cfg
        mkdir data
}

# start_machine WHICH: $reached
start_machine()
{
        reached=$(TMPDIR=$ROOTS_CACHE /usr/bin/python3 "$boots/machine.py" "$disk_copy" "$work/data" "$work/swap" \
                2>"$table.console/$row-$1")
}

mount_copy()
{
        mount_image "$disk_copy" "$root" rw
}

manifest()
{
        /usr/bin/python3 "$boots/manifest.py" "$root" >"$work/manifest-$1"
}

row=0
boot()
{
        row=$((row + 1))
        [ "${BOOT:-}" != quick ] || [ "${quick:-}" ] || return 0
        case " ${CASES:-$row} " in
        *" $row "*) ;;
        *) return 0 ;;
        esac
        title=$1
        expect="verdict $2, $3; after fix: $4; rollback: identical"
        case $2 in
        *:*) rules=${2#*:} ;;
        *) rules= ;;
        esac
        shift 4
        fix_options=
        while [ "$1" != -- ]; do
                fix_options="$fix_options $1"
                shift
        done
        commands="plant_witness; $2"
        began=$(date +%s)

        disk_copy=$(mktemp -p "$ROOTS_CACHE" copy-XXXXXX)
        cp --sparse=always --reflink=auto "$image" "$disk_copy"
        disk_attach "$disk_copy" "$uuid" "$boot_uuid"
        disk_mount "$root"
        changed=1
        change "$title" || changed=0
        disk_release "$root"
        [ $changed = 0 ] || prove
        rm -f "$disk_copy"
        disk_copy=
}

boot_quick()
{
        quick=1
        boot "$@"
        quick=
}

# Everything that follows the change.
prove()
{
        mount_copy
        run "$bin" check --root "$root" --blkid "$work/blkid" --format json
        verdict=$(/usr/bin/python3 "$boots/verdict.py" "$tap_tmp/out" "$rules")
        umount -R "$root"
        start_machine unfixed
        truth=$reached

        mount_copy
        manifest before
        # shellcheck disable=SC2086
        run "$bin" fix --root "$root" --blkid "$work/blkid" --yes $fix_options
        fixed=$status
        cat "$tap_tmp/out" "$tap_tmp/err" >"$table.console/$row-fix"
        manifest fixed
        umount -R "$root"
        after=$truth
        shown='nothing to do'
        back=identical
        if ! cmp -s "$work/manifest-before" "$work/manifest-fixed"; then
                start_machine fixed
                after=$reached
                [ $fixed = 0 ] || after="$after, exit $fixed"
                shown=$after
                mount_copy
                run "$bin" rollback --root "$root"
                manifest rolled-back
                umount -R "$root"
                if [ $status != 0 ]; then
                        back="exit $status"
                elif ! diff "$work/manifest-before" "$work/manifest-rolled-back" >"$table.console/$row-rollback"; then
                        back=differs
                fi
        fi
        is "$title" "verdict $verdict, $truth; after fix: $after; rollback: $back" "$expect"
        printf '| %s | %s | %s | %s | %s | %s | %s s |\n' "$disk" "$title" "$truth" "${verdict%%:*}" "$shown" "$back" \
                $(($(date +%s) - began)) >>"$table.table"
}

use_disk()
{
        disk=$1
        recipe_defaults
        . "$here/recipes/$1"
        image=$(root_image "$1") || { echo "Bail out! cannot build $1"; exit 1; }
        save_blkid
}

# ---- changes that several machines suffer ---------------------------------------------------------

# parameter WORDS: on the command line of every entry.
parameter()
{
        sed -i "s,root=[^ ]* ro,& $*," boot/grub/grub.cfg
        grep -q " $*" boot/grub/grub.cfg
}

root_by_name()
{
        sed -i 's,root=UUID=[^ ]*,root=/dev/xvda1,' boot/grub/grub.cfg
}

# without_ifnames: what makes the kernel's names stay.
without_ifnames()
{
        sed -i 's/ net.ifnames=0 biosdevname=0//' boot/grub/grub.cfg
}

remake_image()
{
        in_root update-initramfs -u -k "$(boot_kernel)"
}

# The image of a Xen instance, which has drivers for its disks only.
image_for_xen()
{
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf 'xen-blkfront\next4\n' >>etc/initramfs-tools/modules
        remake_image
}

# compressed_with COMMAND...: the same image as this compresses it; it was zstd's.
compressed_with()
{
        initrd=boot/initrd.img-$(boot_kernel)
        zstd -qdc "$initrd" | "$@" -qc >tmp/initrd
        cat tmp/initrd >"$initrd"
        rm tmp/initrd
}

# dracut's; it waits for the disk a quarter of a minute in place of three.
dracut_for_xen()
{
        echo 'omit_drivers+=" nvme "' >etc/dracut.conf.d/small.conf
        in_root dracut --force "/boot/initrd.img-$(boot_kernel)" "$(boot_kernel)"
        parameter rd.retry=15
}
