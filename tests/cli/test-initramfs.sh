#!/bin/sh
# What is planned for an initramfs, with programs of the volume and without, and what is left.
. tests/tap.sh

# plan OPTION...: one line for each operation and each thing left, and the verdicts.
plan()
{
        run "$bin" plan --root "$tap_tmp/root" --format json --only \
                initramfs-stale,initramfs-config-drops-nvme,initramfs-baked-device-wait,nvme-initramfs-missing,nvme-blacklisted "$@"
        [ -z "$err" ] || { echo "$err"; return; }
        printf '%s\n' "$out" | /usr/bin/python3 -c '
import json, sys
plan = json.load(sys.stdin)
print(plan["verdict"]["before"], "->", plan["verdict"]["predicted"])
for op in plan["operations"]:
    print(op["kind"], *op.get("command", []), *op.get("outputs", [op.get("path")]))
for left in plan["left"]:
    print(left["rule"] + ": " + left["reason"])'
}

# case NAME WANT RECIPE [OPTION...]
case_of()
{
        name=$1 want=$2 recipe=$3
        shift 3
        rm -rf "$tap_tmp/root" "$tap_tmp/image"*
        (
                make_root_tools=tests/tools
                . tests/tools/make-root.sh
                root=$tap_tmp/root
                root_debian
                image=$root/boot/initrd.img-$kernel
                without_nvme() { image_tree "$tree.xen" drivers/block/xen-blkfront; repack "$@"; }
                # packed COMPRESSION
                packed() { without_nvme "$1:$tree.xen"; }
                program() { put "$1" </dev/null; chmod +x "$root/$1"; }
                eval "$recipe"
        )
        is "$name" "$(plan "$@")" "$want"
}

image=/boot/initrd.img-6.1.0-18-amd64
for compression in cpio gzip bzip2 xz zstd lz4; do
        case_of "$compression" "not-ready -> ready
append $image" "packed $compression"
done
case_of 'lzma' "not-ready -> not-ready
nvme-initramfs-missing: $image is compressed with lzma, and whether kernel 6.1.0-18-amd64 reads what is added behind that is not certain" \
        'packed lzma'
case_of 'lz4 and a kernel that may read on' "not-ready -> not-ready
nvme-initramfs-missing: $image is compressed with lz4, and whether kernel 5.13.0-1 reads what is added behind that is not certain" '
        kernel=5.13.0-1
        mv "$modules" "$root/usr/lib/modules/$kernel"
        modules=$root/usr/lib/modules/$kernel
        index_modules
        craft kernel "$root/boot/vmlinuz-6.1.0-18-amd64" "$kernel"
        image_tree "$tree.xen" drivers/block/xen-blkfront
        pack "$root/boot/initrd.img-6.1.0-18-amd64" "lz4:$tree"'
case_of 'a driver of 100 MB' "not-ready -> not-ready
nvme-initramfs-missing: /lib/modules/6.1.0-18-amd64/kernel/drivers/nvme/host/nvme-core.ko: larger than 33554432 bytes; not read" '
        without_nvme
        truncate -s 100M "$modules/kernel/drivers/nvme/host/nvme-core.ko"'
case_of 'a tool nobody knows' "not-ready -> not-ready
nvme-initramfs-missing: what made the image is not known, and so whether it loads a driver that is added to it" '
        image_tree "$tree.xen" drivers/block/xen-blkfront
        rm -r "$tree/conf"
        repack'
case_of 'a file in the way' "not-ready -> not-ready
nvme-initramfs-missing: $image: /usr/lib/modules inside is no directory" '
        image_tree "$tree.xen"
        rm -r "$tree/usr/lib/modules"
        echo none >"$tree/usr/lib/modules"
        repack'
case_of 'an image of 3 GB' "undetermined -> undetermined
nvme-blacklisted: the fix \"let the NVMe driver load\" wants to be asked for by name
nvme-initramfs-missing: cannot tell: $image: with 3221225472 bytes it is too large to be read
initramfs-stale: cannot tell: $image: with 3221225472 bytes it is too large to be read
initramfs-baked-device-wait: cannot tell: $image: with 3221225472 bytes it is too large to be read" 'truncate -s 3G "$image"'

tools='
        program usr/sbin/update-initramfs
        program usr/sbin/mkinitramfs
        put etc/initramfs-tools/modules </dev/null'
case_of 'a damaged image' 'not-ready -> not-ready
initramfs-stale: the tool of the distribution has to make it anew, and nothing of the volume may run' \
        "$tools; "'echo 070701 >"$image"'
case_of 'a damaged image, with --chroot' "not-ready -> undetermined
run /usr/sbin/update-initramfs -u -k 6.1.0-18-amd64 $image $image.new $image.bak $image.dpkg-bak" \
        "$tools; "'echo 070701 >"$image"' --chroot
case_of 'no image, with --chroot' "not-ready -> undetermined
run /usr/sbin/update-initramfs -c -k 6.1.0-18-amd64 $image $image.new $image.bak $image.dpkg-bak /var/lib/initramfs-tools/6.1.0-18-amd64" \
        "$tools; "'mkdir -p "$root/var/lib/initramfs-tools"; rm "$image"' --chroot
case_of 'an image of another name, with --chroot' "not-ready -> undetermined
run /usr/sbin/mkinitramfs -o /boot/other.img 6.1.0-18-amd64 /boot/other.img" "$tools"'
        edit boot/grub/grub.cfg "s,/boot/initrd.img-[^ ]*,/boot/other.img,"
        : >"$root/boot/other.img"' --chroot
case_of 'without the driver, with --chroot' "not-ready -> undetermined
run /usr/sbin/update-initramfs -u -k 6.1.0-18-amd64 $image $image.new $image.bak $image.dpkg-bak" \
        "$tools; without_nvme" --chroot
case_of 'MODULES=dep in a chroot is the wrong machine' "not-ready -> ready
write /etc/initramfs-tools/modules
append $image" "$tools; without_nvme"'
        echo MODULES=dep | put etc/initramfs-tools/conf.d/policy' --chroot
case_of 'dracut, with --chroot' "not-ready -> undetermined
write /etc/dracut.conf
run /usr/bin/dracut -f --no-hostonly $image 6.1.0-18-amd64 $image" '
        program usr/bin/dracut
        echo "hostonly=yes # as it was" | put etc/dracut.conf
        without_nvme' --chroot
case_of 'mkinitrd, with --chroot' "not-ready -> ready
write /etc/sysconfig/kernel
append $image" '
        program sbin/mkinitrd
        echo "INITRD_MODULES=\"xenblk ext3\"" | put etc/sysconfig/kernel
        without_nvme' --chroot

waits='
        . tests/tools/make-rpm-root.sh
        root_rhel8
        mkdir -p "$tree/usr/lib/dracut/hooks/initqueue/finished"
        echo "[ -e \"/dev/xvdf\" ]" >"$tree/usr/lib/dracut/hooks/initqueue/finished/devexists-xvdf.sh"
        pack "$root/boot/initramfs-$kernel.img" "cpio:$tree"
        program usr/bin/dracut'
case_of 'an image that waits' "not-ready -> not-ready
initramfs-baked-device-wait: the tool of the distribution has to make it anew, and nothing of the volume may run" \
        "$waits"
case_of 'an image that waits, with --chroot' "not-ready -> undetermined
run /usr/bin/dracut -f --no-hostonly /boot/initramfs-4.18.0-305.el8.x86_64.img 4.18.0-305.el8.x86_64 /boot/initramfs-4.18.0-305.el8.x86_64.img" \
        "$waits" --chroot

blacklist='
        echo "blacklist nvme" >"$tree/etc/modprobe.d/local.conf"
        repack'
case_of 'a blacklist in the image' "not-ready -> not-ready
nvme-blacklisted: the fix \"let the NVMe driver load\" wants to be asked for by name" "$blacklist" \
       
case_of 'a blacklist in the image, confirmed' "not-ready -> ready
append $image" "$blacklist" --confirm nvme-blacklisted
case_of 'a blacklist in the image, and in the root' "not-ready -> ready
write /etc/modprobe.d/local.conf
append $image" "$blacklist"'
        echo "blacklist nvme" | put etc/modprobe.d/local.conf' --confirm nvme-blacklisted
case_of 'a blacklist and no driver' "not-ready -> ready
append $image" 'image_tree "$tree.xen" drivers/block/xen-blkfront; '"$blacklist" --confirm nvme-blacklisted
cp "$tap_tmp/root$image" "$tap_tmp/before"
run "$bin" fix --root "$tap_tmp/root" --confirm nvme-blacklisted --yes --quiet
is 'both are behind the image, and nothing is in front' "$status|$(cmp "$tap_tmp/before" "$tap_tmp/root$image" 2>&1 | grep -c EOF)|$(
        tail -c +$(($(stat -c %s "$tap_tmp/before") + 5)) "$tap_tmp/root$image" | grep -ac 'TRAILER!!!')|$(
        grep -aoE '(# disabled by xen2nitro: )?blacklist nvme' "$tap_tmp/root$image")" '0|1|2|blacklist nvme
# disabled by xen2nitro: blacklist nvme'
tap_end
