#!/bin/sh
# Fixes that run the distribution's own tools, on real disks: in a chroot, mounted as on a rescue
# instance, and live, from inside. Every run is undone: each file must then be as it was.
. "$(dirname "$0")/lib.sh"

# disk NAME TITLE COMMANDS: a copy of it, changed by COMMANDS with the disk attached as on Xen.
disk()
{
        recipe_defaults
        . "$here/recipes/$1"
        image=$(root_image "$1") || { echo "Bail out! cannot build $1"; exit 1; }
        title="$1, $2"
        disk_copy=$(mktemp -p "$ROOTS_CACHE" copy-XXXXXX)
        cp --sparse=always --reflink=auto "$image" "$disk_copy"
        on_xen "$3"
}

drop_disk()
{
        rm -f "$disk_copy"
        disk_copy=
}

# on_xen COMMANDS: run in the root of the copy.
on_xen()
{
        commands=$1
        disk_attach "$disk_copy" "$uuid" "$boot_uuid"
        disk_mount "$root"
        change "$title" || :
        disk_release "$root"
}

on_rescue()
{
        mount_image "$disk_copy" "$root" rw
        release=$(cd "$root" && boot_kernel)
        initrd=/boot/initrd.img-$release
}

off_rescue()
{
        umount -R "$root"
}

manifest()
{
        /usr/bin/python3 "$here/../boot/manifest.py" "$root" >"$work/manifest-$1"
}

# planned OPTION...: what the plan does, an operation per line.
planned()
{
        "$bin" plan --root "$root" "$@" --format json | /usr/bin/python3 -c '
import json, sys
for op in json.load(sys.stdin)["operations"]:
    print(op["kind"], *op.get("command", [op.get("path")]))'
}

states()
{
        "$bin" history --root "$root" --format json | /usr/bin/python3 -c '
import json, sys
print(*[r["state"] for r in json.load(sys.stdin)["runs"]])'
}

# As the distribution's own tool lists the image.
drivers_inside()
{
        chroot "$root" "$@" "$initrd" 2>/dev/null | grep -oE '/(nvme|nvme-core|xen-blkfront)\.ko' | sort -u | tr -d '\n'
}

# undone STATES
undone()
{
        run "$bin" rollback --root "$root"
        manifest after
        is "$title: rolled back" "$status $(states) $(diff "$work/manifest-before" "$work/manifest-after")" "0 $1 "
}

# made_anew TOOL LISTER: made anew in a chroot by what TOOL says.
made_anew()
{
        on_rescue
        manifest before
        is "$title: planned" "$(planned --chroot | sed "s/$release/RELEASE/g" | tail -n 1)" "run $1"
        run "$bin" fix --root "$root" --chroot --yes
        is "$title: fixed" "$status $(states)" '0 committed'
        is "$title: drivers in the image" "$(drivers_inside $2)" '/nvme-core.ko/nvme.ko/xen-blkfront.ko'
        is "$title: nothing is left to do" "$(planned --chroot)" ''
}

# kept AGAIN LISTER: the instance makes it once more.
kept()
{
        off_rescue
        on_xen "$1"
        on_rescue
        run "$bin" check --root "$root" --quiet
        is "$title: made once more on the instance" "$status $(drivers_inside $2)" '0 /nvme-core.ko/nvme.ko/xen-blkfront.ko'
}

for_xen='echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $(boot_kernel)'
disk bookworm 'image without nvme' "$for_xen"
made_anew '/usr/sbin/update-initramfs -u -k RELEASE' lsinitramfs
kept 'in_root update-initramfs -u -k $(boot_kernel)' lsinitramfs
off_rescue
drop_disk

again='in_root dracut --force "/boot/initrd.img-$(boot_kernel)" "$(boot_kernel)"'
omits="echo 'omit_drivers+=\" nvme \"' >etc/dracut.conf.d/small.conf; $again"
disk bookworm-dracut 'omit_drivers' "$omits"
made_anew '/usr/bin/dracut -f --no-hostonly /boot/initrd.img-RELEASE RELEASE' lsinitrd
kept "$again" lsinitrd
off_rescue
drop_disk

disk trixie-dracut 'omit_drivers' "$omits"
made_anew '/usr/bin/dracut -f --no-hostonly /boot/initrd.img-RELEASE RELEASE' lsinitrd
undone rolled-back
off_rescue
drop_disk

# ---- a tool that does not do what it should ------------------------------------------------------

# stand_in TITLE EXIT STATE SAID SCRIPT [COMMAND...]: in place of update-initramfs.
stand_in()
{
        title="stand-in, $1"
        want="$2 $3 $4"
        said=$4
        on_rescue
        tool=$root/usr/sbin/update-initramfs
        mv "$tool" "$tool.real"
        printf '#!/bin/sh\n%s\n' "$5" >"$tool"
        chmod 755 "$tool"
        shift 5
        manifest before
        run "$@" "$bin" fix --root "$root" --chroot --yes
        is "$title" "$status $(states | awk '{ print $NF }') $(echo "$out" | tr -s ' \n' ' ' | grep -oF "$said" | head -n 1) $(echo "$out" | grep -c '^  BROUGHT')" "$want 0"
        [ "$status" = 4 ] || run "$bin" rollback --root "$root"
        manifest after
        is "$title: nothing is lost" "$(diff "$work/manifest-before" "$work/manifest-after")" ''
        mv "$tool.real" "$tool"
        off_rescue
}

disk bookworm 'image cut off' 'truncate -s -100000 boot/initrd.img-$(boot_kernel)'
half='echo half >"/boot/initrd.img-$3.new"; echo half >"/boot/initrd.img-$3"'
stand_in 'fails half-way' 4 rolled-back 'update-initramfs: exit 1: no space' "$half; echo no space; exit 1"
stand_in 'is killed' 4 rolled-back 'update-initramfs: ended by signal 9' "$half; kill -9 \$\$"
stand_in 'hangs, and somebody stops the fix' 4 rolled-back 'stopped by a signal' \
        "$half; trap '' TERM; sleep 1000 & sleep 1000" timeout --preserve-status -s INT 5
stand_in 'ends well, and the image is no better' 1 committed 'Now NOT READY' "$half"
drop_disk

# ---- the menu: what was edited is what the generator makes --------------------------------------

disk bookworm 'root=/dev/xvda1 by its generator' '
        echo GRUB_DISABLE_LINUX_UUID=true >>etc/default/grub
        in_root grub-mkconfig -o /boot/grub/grub.cfg'
on_rescue
manifest before
run "$bin" fix --root "$root" --yes
is "$title: fixed" "$status $(states)" '0 committed'
cp "$root/boot/grub/grub.cfg" "$work/edited"
undone rolled-back
run "$bin" fix --root "$root" --yes
off_rescue
on_xen 'in_root grub-mkconfig -o /boot/grub/grub.cfg'
on_rescue
is "$title: made anew afterwards" "$(diff "$work/edited" "$root/boot/grub/grub.cfg")" ''
run "$bin" check --root "$root" --quiet
is "$title: and ready" "$status" 0
off_rescue
drop_disk

# ---- live ----------------------------------------------------------------------------------------

# The program and its libraries, which the disk has not, are put over an empty directory of it.
inside()
{
        chroot "$root" "/srv/$(basename "$loader")" --library-path /srv /srv/xen2nitro "$@"
}

put_program()
{
        mount -t tmpfs -o mode=755 tmpfs "$root/srv"
        cp "$bin" "$root/srv/xen2nitro"
        ldd "$bin" | grep -oE '/[^ ]+' | xargs cp -L -t "$root/srv"
        loader=$(ldd "$bin" | grep -oE '/[^ ]*/ld-linux[^ ]*')
}

live()
{
        disk_attach "$disk_copy" "$uuid" "$boot_uuid"
        mount /dev/xvda1 "$root"
        manifest before
        chroot_mount "$root"
        put_program
        release=$(cd "$root" && boot_kernel)
        initrd=/boot/initrd.img-$release
        run inside plan --format json
        is "$title, live: planned" "$(printf '%s\n' "$out" | /usr/bin/python3 -c '
import json, sys
for op in json.load(sys.stdin)["operations"]:
    print(op["kind"], *op.get("command", [op.get("path")]))' | sed "s/$release/RELEASE/g")" "$1"
        run inside fix --yes
        is "$title, live: fixed" "$status $err" '0 '
        is "$title, live: drivers in the image" "$(drivers_inside $2)" "$3"
        run inside rollback
        umount -R "$root/srv" "$root/proc" "$root/sys" "$root/dev"
        manifest after
        is "$title, live: rolled back" "$status $(diff "$work/manifest-before" "$work/manifest-after")" '0 '
        disk_release "$root"
        drop_disk
}

disk bookworm 'image without nvme' "$for_xen"
live 'write /etc/default/grub
write /etc/initramfs-tools/modules
write /boot/grub/grub.cfg
run /usr/sbin/update-initramfs -u -k RELEASE' lsinitramfs '/nvme-core.ko/nvme.ko/xen-blkfront.ko'
tap_end
