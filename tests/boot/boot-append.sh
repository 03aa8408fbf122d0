#!/bin/sh
# Which kernels go on behind a compressed initramfs, and whether an image that was made without the
# NVMe driver starts once xen2nitro has laid the driver over it. One line of the table per kernel and
# compression; the disk is on NVMe, the kernel and its image come from QEMU, as a boot loader gives
# them.
#
#   kernel | compression | plan | reached
#
# "plan" is what xen2nitro plans: append or leave. Where it leaves the image the same bytes are put
# behind it all the same, to see whether that is too careful.
here=$(dirname "$0")/../real
. "$here/lib.sh"
command -v qemu-system-x86_64 >/dev/null || skip_all 'needs qemu-system-x86_64'

BOOT_SECONDS=${BOOT_SECONDS:-900}
console=$work/console

compress()
{
        case $1 in
        none) cat ;;
        gzip) gzip -9n ;;
        bzip2) bzip2 ;;
        lzma) xz --format=lzma ;;
        xz) xz --check=crc32 ;;
        lz4) lz4 -lqc - ;;
        zstd) zstd -q ;;
        esac
}

# start_kernel IMAGE: $reached is where it got to. What is run in place of init only says its name.
start_kernel()
{
        : >"$console"
        qemu-system-x86_64 -accel tcg,thread=single -icount shift=1 -cpu qemu64,-cx16 -m 1024 -display none -monitor none \
                -serial "file:$console" -no-reboot -kernel "$vmlinuz" -initrd "$1" \
                -append "root=UUID=$uuid ro console=ttyS0 panic=5 rd.retry=20 init=/bin/uname -- -r" \
                -drive "file=$image,if=none,id=disk,format=raw,snapshot=on" \
                -device nvme,drive=disk,serial=vol00000000000000001 -net none 2>/dev/null &
        machine=$!
        reached="nothing within $BOOT_SECONDS s"
        for second in $(seq "$BOOT_SECONDS"); do
                sleep 1
                line=$(tr -d '\r' <"$console" | grep -aoE 'Attempted to kill init! exitcode=0x00000000|\(initramfs\) |ALERT! |Emergency Shell|VFS: Unable' | head -n 1)
                case $line in
                Attempted*) reached=root ;;
                '(initramfs) ' | ALERT* | Emergency*) reached='initramfs shell' ;;
                VFS*) reached='no init' ;;
                *)
                        kill -0 $machine 2>/dev/null && continue
                        reached='the end of QEMU'
                        ;;
                esac
                break
        done
        kill $machine 2>/dev/null
        wait $machine 2>/dev/null
}

# An image with the drivers of Xen, and without those of NVMe; $work/cpio, as it is when unpacked.
make_archive_dracut()
{
        in_root dracut --quiet --force --no-hostonly --no-early-microcode --gzip \
                --omit-drivers 'nvme nvme-core nvme_core' /tmp/image "$release"
        gzip -dc tmp/image >"$work/cpio"
        umount -R proc sys dev
}

make_archive()
{
        [ ! -e usr/bin/dracut ] || { make_archive_dracut; return; }
        cp -a etc/initramfs-tools tmp/conf
        rm -rf tmp/conf/conf.d
        echo 'MODULES=list' >>tmp/conf/initramfs.conf
        echo 'COMPRESS=gzip' >>tmp/conf/initramfs.conf
        [ ! -e etc/default/intel-microcode ] ||
                echo 'IUCODE_TOOL_INITRAMFS=no' >>etc/default/intel-microcode
        printf 'xen-blkfront\next4\n' >tmp/conf/modules
        in_root mkinitramfs -d /tmp/conf -o /tmp/image "$release" 2>/dev/null
        # Where there are several archives, each is in a directory of its own.
        in_root unmkinitramfs /tmp/image /tmp/tree
        [ -e tmp/tree/init ] || (
                cd tmp/tree
                for part in early*; do
                        cp -a "$part/." main/
                done
                find . -maxdepth 1 ! -name main ! -name . -exec rm -r {} +
                mv main/* .
        )
        (cd tmp/tree && find . | cpio -o -H newc --quiet) >"$work/cpio"
        umount -R proc sys dev
}

# padded FILE: with zeros to a multiple of 4, and four more.
padded()
{
        cat "$1"
        head -c $((4 + (4 - $(stat -c %s "$1") % 4) % 4)) /dev/zero
}

# The archive that was appended is the same for each: $work/segment.
try()
{
        compress "$1" <"$work/cpio" >"$work/before"
        cp "$work/before" "$root/boot/initrd.img-$release"
        "$bin" fix --root "$root" --only nvme-initramfs-missing --yes >"$work/log" 2>&1
        if cmp -s "$work/before" "$root/boot/initrd.img-$release"; then
                plan=leave
                { padded "$work/before"; cat "$work/segment"; } >"$work/after"
        else
                plan=append
                cp "$root/boot/initrd.img-$release" "$work/after"
                [ -e "$work/segment" ] ||
                        tail -c +$(($(padded "$work/before" | wc -c) + 1)) "$work/after" >"$work/segment"
        fi
        start_kernel "$work/after"
        echo "# $release | $1 | $plan | $reached"
        is "$release, $1: $2, $3" "$plan, $reached" "$2, $3"
}

# kernel RECIPE COMPRESSION:PLAN:REACHED...
kernel()
{
        use_root "$1"
        shift
        mkdir -p "$work/upper" "$work/scratch"
        mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/scratch" overlay "$root"
        release=$(cd "$root" && boot_kernel)
        vmlinuz=$work/vmlinuz
        cp "$root/boot/vmlinuz-$release" "$vmlinuz"
        rm -f "$work/segment"
        commands=make_archive
        if change 'an image without nvme'; then
                gzip -c "$work/cpio" >"$work/before"
                start_kernel "$work/before"
                is "$release without the driver" "$reached" 'initramfs shell'
                for row; do
                        rest=${row#*:}
                        try "${row%%:*}" "${rest%%:*}" "${rest#*:}"
                done
        fi
        umount -R "$root"
        umount "$lower"
        rm -rf "$work/upper" "$work/scratch"
}

kernel bullseye none:append:root gzip:append:root bzip2:append:root xz:append:root \
        zstd:append:root lz4:leave:root lzma:leave:root
kernel bookworm none:append:root gzip:append:root bzip2:append:root xz:append:root \
        zstd:append:root lz4:append:root lzma:leave:root
kernel trixie none:append:root gzip:append:root bzip2:append:root xz:append:root \
        zstd:append:root lz4:append:root lzma:leave:root
kernel bookworm-dracut gzip:append:root zstd:append:root
rm -f "$work/cpio" "$work/before" "$work/after" "$work/segment" "$work/vmlinuz" "$console" "$work/log" "$work/report.json"
tap_end
