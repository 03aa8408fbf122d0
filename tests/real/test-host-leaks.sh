#!/bin/sh
# Nothing of the machine that runs an offline check may show in its result. Every file of the host
# that this program or one of its libraries might read is replaced by a lie, in a mount namespace;
# kernel and host name are changed too. The bytes of facts and report must stay the same.
. "$(dirname "$0")/lib.sh"
make_root_tools=$here/../tools
. "$make_root_tools/make-root.sh"

volume=$work/volume
mkdir "$volume"
root=$volume/root
mkdir "$root"
root_debian
edit etc/fstab "s,UUID=$uuid,/dev/xvda1,"
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"

results()
{
        (cd "$volume" && "$binary" facts --root root && "$binary" check --root root --format json |
                sed 's/"generated_at": *"[^"]*"//') 2>&1
}
binary=$(realpath "$bin")
before=$(results)
is 'there is something to compare' "$(printf '%s' "$before" | grep -q '"fstab-device-name"' && echo yes)" yes

# lie FILE: standard input is what the host has there from now on.
lie()
{
        [ -e "$1" ] || return 0
        name=$work/lie$(printf '%s' "$1" | tr / -)
        cat >"$name"
        mount --bind "$name" "$(realpath "$1")"
}

# lie_directory DIR: a copy of it that can be written to.
lie_directory()
{
        [ -d "$1" ] || return 0
        name=$work/lie$(printf '%s' "$1" | tr / -)
        mkdir "$name"
        cp -a "$1/." "$name/" 2>/dev/null
        mount --bind "$name" "$1"
}

after()
{
        is "$1" "$(results)" "$before"
}

lie /etc/fstab <<END
/dev/xvda1 / xfs defaults 0 0
UUID=99999999-9999-4999-8999-999999999999 /data ext4 nofail 0 0
END
after '/etc/fstab of the host'

lie /etc/os-release <<END
ID=amzn
VERSION_ID="2018.03"
PRETTY_NAME="Another system"
END
after '/etc/os-release of the host'

for directory in /etc/modprobe.d /usr/lib/modprobe.d /run/modprobe.d; do
        lie_directory $directory
        [ ! -d $directory ] || printf 'blacklist nvme\ninstall ena /bin/false\n' >$directory/lie.conf
done
lie /etc/modprobe.conf <<END
blacklist nvme
END
after 'modprobe configuration of the host'

lie /proc/cmdline <<END
BOOT_IMAGE=/vmlinuz root=/dev/xvda1 module_blacklist=nvme modprobe.blacklist=ena clocksource=xen net.ifnames=1
END
after '/proc/cmdline of the host'

mkdir -p "$work/blkid"
mount --bind "$work/blkid" /run
mkdir -p /run/blkid /run/udev/data
echo '<device DEVNO="0xca01" TIME="1.0" UUID="99999999-9999-4999-8999-999999999999" TYPE="ext4">/dev/xvda1</device>' >/run/blkid/blkid.tab
cp /run/blkid/blkid.tab "$work/tab"
lie /etc/blkid.tab <"$work/tab"
lie /etc/blkid.conf <<END
EVALUATE=scan
CACHE_FILE=$work/tab
END
echo 'E:ID_FS_UUID=99999999-9999-4999-8999-999999999999' >/run/udev/data/b202:1
after 'blkid cache and udev database of the host'

mount -t tmpfs tmpfs /dev
mkdir -p /dev/disk/by-uuid
mknod /dev/null c 1 3
mknod /dev/xvda1 b 202 1
ln -s ../../xvda1 /dev/disk/by-uuid/99999999-9999-4999-8999-999999999999
after '/dev of the host'
umount /dev

for file in /proc/cpuinfo /proc/partitions /proc/filesystems /proc/modules; do
        [ ! -e $file ] || echo lie | lie $file
done
mount -t tmpfs tmpfs /sys
mkdir -p /sys/hypervisor /sys/class/dmi/id /sys/devices/system/clocksource/clocksource0
echo xen >/sys/hypervisor/type
echo 'Amazon EC2' >/sys/class/dmi/id/sys_vendor
after '/sys and more of /proc'
umount /sys

lie_directory /etc/network
[ ! -d /etc/network ] || printf 'auto ens5\niface ens5 inet dhcp\n' >/etc/network/interfaces
lie_directory /lib/modules
for kernel in "$(uname -r)" 6.1.0-18-amd64; do
        mkdir -p "/lib/modules/$kernel" 2>/dev/null || continue
        echo kernel/drivers/net/ethernet/amazon/ena/ena.ko >"/lib/modules/$kernel/modules.builtin"
done
after 'network configuration and modules of the host'

is 'another kernel release and host name' \
        "$(export binary volume; unshare --uts sh -c 'hostname liar; setarch --uname-2.6 x86_64 sh -c "
                cd \"\$volume\" && \"\$binary\" facts --root root && \"\$binary\" check --root root --format json |
                sed \"s/\\\"generated_at\\\": *\\\"[^\\\"]*\\\"//\""' 2>&1)" "$before"

is 'locale, time zone and the like' "$(
        export LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Kathmandu TMPDIR=/nowhere HOME=/nowhere
        export LIBMOUNT_FSTAB=/etc/fstab BLKID_FILE="$work/tab" BLKID_CONF=/etc/blkid.conf MODPROBE_OPTIONS=-n
        results)" "$before"
tap_end
