#!/bin/sh
# Verdicts against the truth: the disk is started in QEMU as Nitro would, the root disk on NVMe and the
# network card in PCI slot 5, through its own boot sector and GRUB. A machine that xen2nitro calls
# ready must come up with an address; one it calls not-ready must not.
#
# The card is virtio, for QEMU has no ENA: what is proven of the network is the name of the interface.
. "$(dirname "$0")/lib.sh"
command -v qemu-system-x86_64 >/dev/null || skip_all 'needs qemu-system-x86_64'
use_root bookworm

BOOT_SECONDS=${BOOT_SECONDS:-300}
console=$work/console

# Says on the console how far the machine came, and stops it.
plant_witness()
{
        cat >etc/systemd/system/witness.service <<'END'
[Unit]
After=multi-user.target network.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo "WITNESS up" $(ip -o -4 addr show scope global | cut -d " " -f 2) >/dev/ttyS0'
END
        mkdir -p etc/systemd/system/multi-user.target.wants
        ln -s ../witness.service etc/systemd/system/multi-user.target.wants/
}

# start_machine DISK: $reached is where it got to.
start_machine()
{
        : >"$console"
        qemu-system-x86_64 -accel tcg,thread=multi -m 1024 -smp 2 -display none -monitor none \
                -serial "file:$console" -no-reboot \
                -drive "file=$1,if=none,id=disk,format=raw,cache=unsafe" \
                -device nvme,drive=disk,serial=vol00000000000000001 \
                -netdev user,id=net -device virtio-net-pci,netdev=net,addr=5 2>/dev/null &
        machine=$!
        reached="nothing within $BOOT_SECONDS s"
        for second in $(seq "$BOOT_SECONDS"); do
                sleep 1
                # The shell prompt of the initramfs has no newline after it.
                line=$(tr -d '\r' <"$console" | grep -aoE 'WITNESS up.*|\(initramfs\) |in emergency mode' | head -n 1)
                case $line in
                WITNESS*) reached=${line#WITNESS } ;;
                '(initramfs) ') reached='initramfs shell' ;;
                in*) reached='emergency mode' ;;
                *) continue ;;
                esac
                break
        done
        kill $machine 2>/dev/null
        wait $machine 2>/dev/null
}

# boot NAME VERDICT REACHED COMMANDS: a change, what xen2nitro says of it, and where the machine gets to.
boot()
{
        commands="plant_witness; $4"
        disk_copy=$(mktemp -p "$ROOTS_CACHE" copy-XXXXXX)
        cp --sparse=always --reflink=auto "$image" "$disk_copy"
        disk_attach "$disk_copy" "$uuid"
        disk_mount "$root"
        if change "$1"; then
                umount -R "$root/proc" "$root/sys" "$root/dev"
                check "$root"
                disk_release "$root"
                start_machine "$disk_copy"
                is "$1" "$(printf '%s\n' "$summary" | head -n 1), $reached" "verdict $2, $3"
        fi
        disk_release "$root"
        rm -f "$disk_copy"
        disk_copy=
}

no_ifnames='sed -i "s/ net.ifnames=0 biosdevname=0//" boot/grub/grub.cfg'

boot 'as built' ready 'up eth0' :
boot 'image made with MODULES=list' not-ready 'initramfs shell' '
        echo MODULES=list >etc/initramfs-tools/conf.d/modules
        printf "xen-blkfront\next4\n" >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'root=/dev/xvda1' not-ready 'initramfs shell' \
        'sed -i "s,root=UUID=[^ ]*,root=/dev/xvda1," boot/grub/grub.cfg'
boot 'root by name in fstab' ready 'up eth0' \
        'sed -i "s,^UUID=[^ ]*,/dev/xvda1," etc/fstab'
boot 'data volume by name' not-ready 'emergency mode' \
        'mkdir data; echo "/dev/xvdf /data ext4 defaults 0 2" >>etc/fstab'
boot 'data volume by name, nofail' ready 'up eth0' \
        'mkdir data; echo "/dev/xvdf /data ext4 defaults,nofail 0 2" >>etc/fstab'
boot 'blacklist in the root only' ready 'up eth0' \
        'echo "blacklist nvme" >etc/modprobe.d/hardening.conf'
boot 'blacklist in the image' not-ready 'initramfs shell' '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'blacklist of nvme_core in the image: a dependency loads all the same' ready 'up eth0' '
        echo "blacklist nvme_core" >etc/modprobe.d/hardening.conf
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'blacklist in the image, which loads nvme by name: initramfs-tools heeds it all the same' not-ready 'initramfs shell' '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        echo nvme >>etc/initramfs-tools/modules
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'install nvme_core /bin/false in the image' not-ready 'initramfs shell' '
        echo "install nvme_core /bin/false" >etc/modprobe.d/hardening.conf
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'modprobe.blacklist=nvme' not-ready 'initramfs shell' \
        'sed -i "s/net.ifnames=0/& modprobe.blacklist=nvme/" boot/grub/grub.cfg'
boot 'a number too large for nvme_core: the kernel refuses the module' not-ready 'initramfs shell' \
        'sed -i "s/net.ifnames=0/& nvme_core.max_retries=256/" boot/grub/grub.cfg'
boot 'the largest number nvme_core takes' ready 'up eth0' \
        'sed -i "s/net.ifnames=0/& nvme_core.max_retries=255 nvme_core.io_timeout=4294967295/" boot/grub/grub.cfg'
boot 'a number too large for nvme_core, in the root only' ready 'up eth0' \
        'echo "options nvme_core io_timeout=4294967296" >etc/modprobe.d/nvme.conf'
boot 'a number too large for nvme_core, in the image' not-ready 'initramfs shell' '
        echo "options nvme_core io_timeout=4294967296" >etc/modprobe.d/nvme.conf
        in_root update-initramfs -u -k $(boot_kernel)'
boot 'eth0 without net.ifnames=0' not-ready 'up' "$no_ifnames"
boot 'ens5 without net.ifnames=0' ready 'up ens5' \
        "$no_ifnames; sed -i s/eth0/ens5/ etc/network/interfaces"
tap_end
