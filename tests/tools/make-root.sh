# Makes small roots that look to xen2nitro like installed systems. Source it, then:
#
#   root=DIR; root_debian          Debian 12, ready for Nitro in every respect
#   root=DIR; root_ubuntu          Ubuntu 22.04 with its AWS kernel (NVMe built in)
#
# and change what the test is about with the functions below, or with plain shell. A root holds what
# the program reads and nothing more; what it holds is as the real system has it (grub.cfg is what
# grub-mkconfig wrote there, grub/*.cfg). The same bytes come out on every machine.
#
# Set by names_*, which root_* call: $kernel (its release), $uuid (of the root file system), $modules
# (its directory), $tree (what is in the initial RAM disk, beside $root), $initrd and $initrd_end (what
# its file is called, before and behind the release), $ko (how module files end). A recipe on top of
# another finds what that one left: save_names.

make_root_tools=${make_root_tools:-$(dirname "$0")/../tools}

craft()
{
        /usr/bin/python3 "$make_root_tools/craft.py" "$@"
}

# put FILE: standard input becomes a file of the root.
put()
{
        mkdir -p "$root/$(dirname "$1")"
        cat >"$root/$1"
}

# edit FILE SED-SCRIPT: fails when nothing changed, so that a recipe cannot go stale unseen.
edit()
{
        cp "$root/$1" "$root/$1.before"
        sed -i "$2" "$root/$1"
        ! cmp -s "$root/$1" "$root/$1.before" || { echo "$1: '$2' changes nothing" >&2; exit 1; }
        rm "$root/$1.before"
}

# ---- kernel modules ------------------------------------------------------------------------------

# add_module PATH [alias=.. needs=.. exports=..]: below the kernel's directory; then index_modules.
add_module()
{
        path=$1
        shift
        mkdir -p "$(dirname "$modules/kernel/$path.ko")"
        craft module "$modules/kernel/$path.ko" "$@"
        echo "kernel/$path.ko" >>"$modules/modules.order"
}

# add_builtin NAME PATH [ALIAS]
add_builtin()
{
        echo "kernel/$2.ko" >>"$modules/modules.builtin"
        {
                [ $# -lt 3 ] || printf '%s.alias=%s\0' "$1" "$3"
                printf '%s.license=GPL\0%s.file=%s\0' "$1" "$1" "$2"
        } >>"$modules/modules.builtin.modinfo"
}

index_modules()
{
        depmod -b "$root" "$kernel"
}

# compress_modules xz|zstd: all of them, as newer distributions have them.
compress_modules()
{
        case $1 in
        xz) ko=.ko.xz compress='xz --check=crc32' ;;
        zstd) ko=.ko.zst compress='zstd -q --rm' ;;
        esac
        find "$modules" -name '*.ko' -exec $compress {} +
        index_modules
}

# Programs and modules below / and not below /usr, as in Debian up to 9 and Ubuntu up to 18.04.
split_usr()
{
        for dir in bin sbin lib; do
                rm "$root/$dir"
                mkdir "$root/$dir"
        done
        mv "$root/usr/lib/modules" "$root/usr/lib/systemd" "$root/usr/lib/udev" "$root/lib/"
        mv "$root/usr/sbin/init" "$root/sbin/"
        modules=$root/lib/modules/$kernel
        index_modules
}

add_xen_modules()
{
        add_module drivers/block/xen-blkfront alias=xen:vbd
        add_module drivers/net/xen-netfront alias=xen:vif
}

add_nvme_modules()
{
        add_module lib/crc64-rocksoft exports=crc64_rocksoft
        add_module block/t10-pi exports=t10_pi_type1_crc needs=crc64_rocksoft
        add_module drivers/nvme/host/nvme-core exports=nvme_init_ctrl needs=t10_pi_type1_crc
        add_module drivers/nvme/host/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*' needs=nvme_init_ctrl \
                alias=pci:v00001D0Fd00008061sv*sd*bc*sc*i* alias=pci:v00001D0Fd00000061sv*sd*bc*sc*i*
        add_module drivers/nvme/host/nvme-fabrics exports=nvmf_register_transport needs=nvme_init_ctrl
        add_module drivers/nvme/host/nvme-tcp needs=nvmf_register_transport needs=nvme_init_ctrl
}

# nvme_core_takes PARAMETER:TYPE...: the same driver, with these parameters, and the image anew.
nvme_core_takes()
{
        set -- $(printf 'parmtype=%s ' "$@")
        craft module "$modules/kernel/drivers/nvme/host/nvme-core.ko" exports=nvme_init_ctrl \
                needs=t10_pi_type1_crc "$@"
        index_modules
        image_tree_most "$tree.anew"
        repack
}

# vermagic RELEASE: as the kernels of distributions have it.
vermagic()
{
        echo "vermagic=$1 SMP preempt mod_unload modversions "
}

# add_ena_module [PLACE] [version=.. sum=..]: below kernel/ or where PLACE is, built for $built_for or
# this kernel.
add_ena_module()
{
        place=${1:-drivers/net/ethernet/amazon/ena}
        [ $# -eq 0 ] || shift
        add_module "$place/ena" alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* \
                alias=pci:v00001D0Fd0000EC21sv*sd*bc*sc*i* alias=pci:v00001D0Fd00000EC2sv*sd*bc*sc*i* \
                "$(vermagic "${built_for:-$kernel}")" "$@"
}

# ---- initial RAM disks ---------------------------------------------------------------------------

# image_tree DIR MODULE...: what an initramfs of this kernel with these modules holds.
image_tree()
{
        tree=$1
        shift
        mkdir -p "$tree/usr/lib/modules/$kernel" "$tree/etc/modprobe.d" "$tree/conf"
        ln -s usr/lib "$tree/lib"
        echo '#!/bin/sh' >"$tree/init"
        echo 'MODULES=most' >"$tree/conf/initramfs.conf"
        for module; do
                mkdir -p "$(dirname "$tree/usr/lib/modules/$kernel/kernel/$module")"
                cp "$modules/kernel/$module$ko" "$tree/usr/lib/modules/$kernel/kernel/$module$ko"
        done
        cp "$modules/modules.order" "$modules/modules.builtin" "$modules/modules.builtin.modinfo" \
                "$tree/usr/lib/modules/$kernel/"
        indexed=$(mktemp -d)
        mkdir -p "$indexed/lib/modules"
        cp -R "$tree/usr/lib/modules/$kernel" "$indexed/lib/modules/$kernel"
        depmod -b "$indexed" "$kernel"
        for index in modules.dep modules.dep.bin modules.alias.bin modules.builtin.bin; do
                cp "$indexed/lib/modules/$kernel/$index" "$tree/usr/lib/modules/$kernel/"
        done
        rm -r "$indexed"
}

# The tree update-initramfs would make here, with MODULES=most.
image_tree_most()
{
        image_tree "$1" drivers/block/xen-blkfront drivers/net/xen-netfront lib/crc64-rocksoft \
                block/t10-pi drivers/nvme/host/nvme-core drivers/nvme/host/nvme \
                drivers/nvme/host/nvme-fabrics drivers/nvme/host/nvme-tcp
}

# pack IMAGE SEGMENT...: each is FORMAT:DIR; FORMAT is cpio (not compressed) or a compressor.
pack()
{
        image=$1
        shift
        : >"$image"
        for segment; do
                craft cpio "$image.cpio" "${segment#*:}"
                case ${segment%%:*} in
                cpio) cat "$image.cpio" ;;
                gzip) gzip -9nc "$image.cpio" ;;
                bzip2) bzip2 -c "$image.cpio" ;;
                xz) xz --check=crc32 -c "$image.cpio" ;;
                lzma) xz --format=lzma -c "$image.cpio" ;;
                lz4) lz4 -lqc "$image.cpio" ;;
                zstd) zstd -qc "$image.cpio" ;;
                esac >>"$image" || exit 1
                rm "$image.cpio"
        done
}

# repack SEGMENT...: the image of the default entry anew; without arguments from $tree.
repack()
{
        [ $# -gt 0 ] || set -- "cpio:$tree"
        pack "$root/boot/$initrd$kernel$initrd_end" "$@"
}

# ---- systems -------------------------------------------------------------------------------------

# grub_config TEMPLATE CMDLINE [SECOND-KERNEL]
grub_config()
{
        sed -e "s/@UUID@/$uuid/g; s/@KERNEL@/$kernel/g; s/@PARTUUID@/4e32584e-01/g" \
                -e "s/@KERNEL2@/${3:-$kernel}/g; s/@CMDLINE@/$2/g" \
                "$make_root_tools/grub/$1.cfg" | put boot/grub/grub.cfg
        grubenv ''
}

# Debian and Ubuntu alike: merged /usr, systemd, udev.
names_common()
{
        uuid=c0ffee00-0b00-4a00-8a00-000000000001
        modules=$root/usr/lib/modules/$kernel
        tree=$(dirname "$root")/image
        initrd=initrd.img- initrd_end= ko=.ko
}

# What another recipe needs that goes on from here.
save_names()
{
        cat >"$root/../names" <<-END
		kernel=$kernel uuid=$uuid initrd=$initrd initrd_end=$initrd_end ko=$ko
		modules=\$root${modules#"$root"}
		tree=\$(dirname "\$root")/${tree##*/}
		END
}

names_debian()
{
        kernel=6.1.0-18-amd64
        names_common
}

names_ubuntu()
{
        kernel=6.8.0-1021-aws
        names_common
}

# kernel_config OPTION=VALUE...: /boot/config of this kernel, with these options other than most have them.
kernel_config()
{
        {
                printf '#\n# Automatically generated file; DO NOT EDIT.\n#\nCONFIG_64BIT=y\n'
                for option in NR_CPUS=8192 MODULE_SIG=y HOTPLUG_PCI_PCIE=y HOTPLUG_PCI_ACPI=y; do
                        case " $* " in
                        *" ${option%=*}="*) ;;
                        *) echo "CONFIG_$option" ;;
                        esac
                done
                for option; do
                        case $option in
                        *=n) echo "# CONFIG_${option%=*} is not set" ;;
                        *) echo "CONFIG_$option" ;;
                        esac
                done
        } | put "boot/config-$kernel"
}

root_common()
{
        mkdir -p "$root/usr/bin" "$root/usr/sbin" "$modules" "$root/boot" "$root/etc" "$root/dev" \
                "$root/proc" "$root/sys" "$root/run"
        ln -s usr/bin "$root/bin"
        ln -s usr/sbin "$root/sbin"
        ln -s usr/lib "$root/lib"
        ln -s ../usr/lib/os-release "$root/etc/os-release"
        ln -s /lib/systemd/systemd "$root/usr/sbin/init"
        mkdir -p "$root/usr/lib/systemd"
        craft program "$root/usr/lib/systemd/systemd" 62
        chmod +x "$root/usr/lib/systemd/systemd"
        put usr/lib/systemd/system/systemd-logind.service </dev/null
        put usr/lib/systemd/network/99-default.link <<-END
		[Match]
		OriginalName=*

		[Link]
		NamePolicy=keep kernel database onboard slot path
		AlternativeNamesPolicy=database onboard slot path
		MACAddressPolicy=persistent
		END
        put usr/lib/udev/rules.d/80-net-setup-link.rules <<-END
		SUBSYSTEM!="net", GOTO="net_setup_link_end"
		IMPORT{builtin}="path_id"
		ACTION=="remove", GOTO="net_setup_link_end"
		IMPORT{builtin}="net_setup_link"
		NAME=="", ENV{ID_NET_NAME}!="", NAME="\$env{ID_NET_NAME}"
		LABEL="net_setup_link_end"
		END
        put etc/fstab <<-END
		# /etc/fstab: static file system information.
		UUID=$uuid / ext4 rw,discard,errors=remount-ro 0 1
		END
        : >"$modules/modules.order"
        : >"$modules/modules.builtin"
        : >"$modules/modules.builtin.modinfo"
        craft kernel "$root/boot/vmlinuz-$kernel" "$kernel"
        kernel_config
}

# ifupdown, as the Debian installer leaves it.
use_ifupdown()
{
        put etc/network/interfaces <<-END
		# The loopback network interface
		auto lo
		iface lo inet loopback

		# The primary network interface
		auto eth0
		iface eth0 inet dhcp
		END
        put usr/lib/systemd/system/networking.service </dev/null
        put usr/sbin/ifup </dev/null
        mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
        ln -s /lib/systemd/system/networking.service "$root/etc/systemd/system/multi-user.target.wants/"
}

root_debian()
{
        names_debian
        root_common
        put usr/lib/os-release <<-END
		PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
		NAME="Debian GNU/Linux"
		VERSION_ID="12"
		VERSION="12 (bookworm)"
		VERSION_CODENAME=bookworm
		ID=debian
		HOME_URL="https://www.debian.org/"
		END
        put usr/lib/modprobe.d/aliases.conf <<-END
		# These are the standard aliases for devices and kernel drivers.
		alias block-major-3-* ide_generic
		END
        use_ifupdown
        add_xen_modules
        add_nvme_modules
        add_ena_module
        index_modules
        grub_config debian-12 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295'
        image_tree_most "$tree"
        repack
}

root_ubuntu()
{
        names_ubuntu
        root_common
        put usr/lib/os-release <<-END
		PRETTY_NAME="Ubuntu 22.04.5 LTS"
		NAME="Ubuntu"
		VERSION_ID="22.04"
		VERSION="22.04.5 LTS (Jammy Jellyfish)"
		VERSION_CODENAME=jammy
		ID=ubuntu
		ID_LIKE=debian
		END
        use_ifupdown
        add_builtin ext4 fs/ext4/ext4 fs-ext4
        add_builtin nvme_core drivers/nvme/host/nvme-core
        add_builtin nvme drivers/nvme/host/nvme 'pci:v*d*sv*sd*bc01sc08i02*'
        add_xen_modules
        add_ena_module
        index_modules
        grub_config ubuntu-22.04 'console=tty1 console=ttyS0 net.ifnames=0 nvme_core.io_timeout=4294967295'
        image_tree "$tree" drivers/net/xen-netfront
        mkdir -p "$tree.microcode/kernel/x86/microcode"
        head -c 2048 /dev/zero >"$tree.microcode/kernel/x86/microcode/AuthenticAMD.bin"
        pack "$root/boot/microcode.cpio" "cpio:$tree.microcode"
        repack
}

# A second, older kernel behind the first one in the menu; its image lacks nvme.
two_kernels()
{
        newer=$kernel newer_modules=$modules
        kernel=5.10.0-28-amd64
        modules=$root/usr/lib/modules/$kernel
        mkdir -p "$modules"
        : >"$modules/modules.order"
        : >"$modules/modules.builtin"
        : >"$modules/modules.builtin.modinfo"
        craft kernel "$root/boot/vmlinuz-$kernel" "$kernel"
        kernel_config
        add_xen_modules
        add_nvme_modules
        add_ena_module
        index_modules
        newer_tree=$tree
        image_tree "$tree.older" drivers/block/xen-blkfront
        repack
        grub_config debian-12-two-kernels 'console=tty0 console=ttyS0,115200 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295' $newer
        kernel=$newer modules=$newer_modules tree=$newer_tree
}

# grubenv LINE: one variable in GRUB's environment block, or none.
grubenv()
{
        { printf '# GRUB Environment Block\n%s' "${1:+$1
}"; head -c 1024 /dev/zero | tr '\0' '#'; } |
                head -c 1024 | put boot/grub/grubenv
}
