# A disk image under the names a Xen instance has for its disk; sourced, inside a mount namespace of
# its own. GRUB and initramfs-tools then do what they do there: with a loop device under its own
# name, grub-mkconfig writes no entry at all.

first_sector=2048
boot_sector=5242880 # where a separate /boot starts
disk_loop=
disk_dev=

# What a recipe need not set.
recipe_defaults()
{
        default=0 fs_type=ext4 init=systemd-sysv boot_uuid= modules=
}

# disk_attach IMAGE UUID [BOOT-UUID]: /dev becomes a small one with /dev/xvda, its partitions and
# their links by UUID.
disk_attach()
{
        disk_loop=$(losetup --find --show --partscan "$1") || return 1
        name=${disk_loop##*/}
        # Not every kernel reads partition tables of loop devices by itself; partx does.
        [ -d "/sys/class/block/${name}p1" ] || partx --add "$disk_loop" || return 1
        disk_dev=$(mktemp -d)
        mount -t tmpfs -o mode=755 tmpfs "$disk_dev"
        for node in null zero full random urandom tty; do
                cp -a "/dev/$node" "$disk_dev/"
        done
        mkdir -p "$disk_dev/pts" "$disk_dev/shm" "$disk_dev/disk/by-uuid"
        ln -s /proc/self/fd "$disk_dev/fd"
        mknod "$disk_dev/xvda" b $(tr : ' ' <"/sys/class/block/$name/dev")
        mknod "$disk_dev/xvda1" b $(tr : ' ' <"/sys/class/block/${name}p1/dev")
        ln -s ../../xvda1 "$disk_dev/disk/by-uuid/$2"
        if [ "${3:-}" ]; then
                mknod "$disk_dev/xvda2" b $(tr : ' ' <"/sys/class/block/${name}p2/dev")
                ln -s ../../xvda2 "$disk_dev/disk/by-uuid/$3"
        fi
        mount --bind "$disk_dev" /dev
}

# disk_mount DIR: the partitions, with what a chroot needs.
disk_mount()
{
        mount /dev/xvda1 "$1"
        [ ! -b /dev/xvda2 ] || mount /dev/xvda2 "$1/boot"
        chroot_mount "$1"
}

chroot_mount()
{
        mount -t proc proc "$1/proc"
        mount -t sysfs -o ro sysfs "$1/sys"
        mount --rbind /dev "$1/dev"
}

# disk_release DIR: everything back; may be called at any time.
disk_release()
{
        ! mountpoint -q "$1" || umount -R "$1"
        [ "$disk_dev" ] || return 0
        ! mountpoint -q "$disk_dev" || umount -l /dev "$disk_dev"
        rmdir "$disk_dev"
        losetup -d "$disk_loop"
        disk_dev=
        disk_loop=
}
