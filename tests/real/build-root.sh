#!/bin/sh
# Builds the disk image of one real machine: build-root.sh RECIPE IMAGE
#
# The image is a disk as EC2 shows it to a Xen instance: an MBR and one partition with a Debian
# system that apt, dpkg, update-initramfs and grub-install put there. Nothing is imitated: the
# tools see the disk as /dev/xvda and the file system as /dev/xvda1, and the initial RAM disks, the
# boot sectors and grub.cfg are what they write.
#
# A recipe (recipes/NAME) sets: suite, packages, uuid (of the file system), cmdline (what the image
# adds to every entry); and may set
#   components, default     of the mirror; GRUB_DEFAULT
#   fs_type                 xfs in place of ext4
#   boot_uuid               /boot is an ext4 of its own, in a second partition at the end of the disk
#   init                    sysvinit-core in place of systemd-sysv
#   modules                 MODULES= of initramfs-tools, with which the images are made once more
#
# Needs root, mmdebstrap, loop devices and a Debian mirror (DEBIAN_MIRROR). Runs in a mount
# namespace of its own, so that no mount outlives it.
set -eu
export LC_ALL=C TZ=UTC

[ "${IN_NAMESPACE:-}" ] || IN_NAMESPACE=1 exec unshare --mount --propagation private sh "$0" "$@"

recipe=$1
image=$2
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
. "$(dirname "$0")/disk.sh"
recipe_defaults
. "$recipe"

work=$(mktemp -d)
root=$work/root
finish()
{
        disk_release "$root"
        rm -rf --one-file-system "$work"
        rm -f "$image.tmp"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# The first partition is active, from the first mebibyte on; /boot, if any, is behind it.
rm -f "$image.tmp"
truncate -s 3G "$image.tmp"
/usr/bin/python3 - "$image.tmp" $first_sector "$boot_uuid" $boot_sector <<'END'
import os, struct, sys
path, first, boot, behind = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with open(path, "r+b") as disk:
        end = os.path.getsize(path) // 512
        parts = [(0x80, first, behind), (0, behind, end)] if boot else [(0x80, first, end)]
        disk.seek(440)
        disk.write(struct.pack("<IH", 0x4e32584e, 0))
        for active, start, stop in parts:
                disk.write(struct.pack("<B3sB3sII", active, b"\x20\x21\x00", 0x83, b"\xfe\xff\xff", start, stop - start))
        disk.seek(510)
        disk.write(b"\x55\xaa")
END
mkdir "$root"
disk_attach "$image.tmp" "$uuid" "$boot_uuid"

# Features that the oldest GRUB here can read, whatever the defaults of the machine that builds.
make_ext4()
{
        mkfs.ext4 -q -F -U "$1" -O ^metadata_csum_seed,^orphan_file "$2" 2>/dev/null ||
                mkfs.ext4 -q -F -U "$1" -O ^metadata_csum_seed "$2"
}
make_xfs()
{
        mkfs.xfs -q -f -m uuid="$1",bigtime=0 -i nrext64=0 "$2" 2>/dev/null ||
                mkfs.xfs -q -f -m uuid="$1",bigtime=0 "$2"
}
make_$fs_type "$uuid" /dev/xvda1
mount /dev/xvda1 "$root"
if [ "$boot_uuid" ]; then
        make_ext4 "$boot_uuid" /dev/xvda2
        mkdir "$root/boot"
        mount /dev/xvda2 "$root/boot"
fi

cat >"$work/before" <<'END'
#!/bin/sh
set -e
echo 'grub-pc grub-pc/install_devices_empty boolean true' | chroot "$1" debconf-set-selections
mkdir -p "$1/etc/network/interfaces.d"
case $fs_type in
ext4) echo "UUID=$uuid / ext4 rw,discard,errors=remount-ro 0 1" ;;
*) echo "UUID=$uuid / $fs_type defaults 0 0" ;;
esac >"$1/etc/fstab"
[ -z "$boot_uuid" ] || echo "UUID=$boot_uuid /boot ext4 defaults 0 2" >>"$1/etc/fstab"
echo ip-10-0-0-10 >"$1/etc/hostname"
cat >"$1/etc/network/interfaces" <<'EOT'
# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

source /etc/network/interfaces.d/*

# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
auto eth0
iface eth0 inet dhcp
EOT
END
chmod +x "$work/before"
export uuid boot_uuid fs_type
mmdebstrap --quiet --mode=root --variant=minbase --format=directory \
        --include="$init,udev,ifupdown,isc-dhcp-client,kmod,e2fsprogs,grub-pc,$packages" \
        --components=main,${components:-main} \
        --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
        --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' \
        --dpkgopt=path-exclude='/usr/share/locale/*' \
        --skip=check/empty --essential-hook="$work/before" "$suite" "$root" "$mirror"

chroot_mount "$root"
cat >"$root/etc/default/grub" <<END
GRUB_DEFAULT="$default"
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="$cmdline"
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
END
in_root()
{
        chroot "$root" "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}
if [ "$modules" ]; then
        sed -i "s/^MODULES=.*/MODULES=$modules/" "$root/etc/initramfs-tools/initramfs.conf"
        in_root update-initramfs -u -k all
fi
in_root grub-install --target=i386-pc /dev/xvda
in_root grub-mkconfig -o /boot/grub/grub.cfg
grep -q "root=UUID=$uuid" "$root/boot/grub/grub.cfg" || { echo 'grub.cfg does not name the file system' >&2; exit 1; }

fstrim "$root" 2>/dev/null || :
disk_release "$root"
mv "$image.tmp" "$image"
