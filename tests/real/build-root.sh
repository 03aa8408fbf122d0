#!/bin/sh
# Builds the disk image of one real machine: build-root.sh RECIPE IMAGE
#
# The image is a disk as EC2 shows it to a Xen instance: an MBR and one ext4 partition with a Debian
# system that apt, dpkg, update-initramfs and grub-install put there. Nothing is imitated: the
# tools see the disk as /dev/xvda and the file system as /dev/xvda1, and the initial RAM disks, the
# boot sectors and grub.cfg are what they write.
#
# A recipe (recipes/NAME) sets: suite, packages, uuid (of the file system), cmdline (what the image
# adds to every entry); and may set components and default (GRUB_DEFAULT).
#
# Needs root, mmdebstrap, loop devices and a Debian mirror (DEBIAN_MIRROR). Runs in a mount
# namespace of its own, so that no mount outlives it.
set -eu
export LC_ALL=C TZ=UTC

[ "${IN_NAMESPACE:-}" ] || IN_NAMESPACE=1 exec unshare --mount --propagation private sh "$0" "$@"

recipe=$1
image=$2
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
default=0
. "$(dirname "$0")/disk.sh"
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

# One active Linux partition from the first mebibyte to the end.
rm -f "$image.tmp"
truncate -s 3G "$image.tmp"
/usr/bin/python3 - "$image.tmp" $first_sector <<'END'
import os, struct, sys
path, first = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as disk:
        sectors = os.path.getsize(path) // 512 - first
        disk.seek(440)
        disk.write(struct.pack("<IH", 0x4e32584e, 0))
        disk.write(struct.pack("<B3sB3sII", 0x80, b"\x20\x21\x00", 0x83, b"\xfe\xff\xff", first, sectors))
        disk.seek(510)
        disk.write(b"\x55\xaa")
END
mkdir "$root"
disk_attach "$image.tmp" "$uuid"
# Features that the oldest GRUB here can read, whatever the defaults of the machine that builds.
mkfs.ext4 -q -F -U "$uuid" -O ^metadata_csum_seed,^orphan_file /dev/xvda1 2>/dev/null ||
        mkfs.ext4 -q -F -U "$uuid" -O ^metadata_csum_seed /dev/xvda1
mount /dev/xvda1 "$root"

cat >"$work/before" <<'END'
#!/bin/sh
set -e
echo 'grub-pc grub-pc/install_devices_empty boolean true' | chroot "$1" debconf-set-selections
mkdir -p "$1/etc/network/interfaces.d"
echo "UUID=$uuid / ext4 rw,discard,errors=remount-ro 0 1" >"$1/etc/fstab"
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
export uuid
mmdebstrap --quiet --mode=root --variant=minbase --format=directory \
        --include="systemd-sysv,udev,ifupdown,isc-dhcp-client,kmod,e2fsprogs,grub-pc,$packages" \
        --components=main,${components:-main} \
        --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
        --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' \
        --dpkgopt=path-exclude='/usr/share/locale/*' \
        --essential-hook="$work/before" "$suite" "$root" "$mirror"

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
in_root grub-install --target=i386-pc /dev/xvda
in_root grub-mkconfig -o /boot/grub/grub.cfg
grep -q "root=UUID=$uuid" "$root/boot/grub/grub.cfg" || { echo 'grub.cfg does not name the file system' >&2; exit 1; }

fstrim "$root" 2>/dev/null || :
disk_release "$root"
mv "$image.tmp" "$image"
