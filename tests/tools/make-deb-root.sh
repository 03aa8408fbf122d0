# Roots of Debian's and Ubuntu's cloud images on EC2, on top of make-root.sh. A recipe sources it and
# calls deb_root, then what its system has; deb_image comes last.

# deb_root KERNEL NAME ID VERSION PRETTY: with nothing configured yet; throws away the root there was.
deb_root()
{
        rm -rf "$root" "$tree"
        kernel=$1
        names_common
        root_common
        printf 'NAME="%s"\nID=%s\nVERSION_ID="%s"\nPRETTY_NAME="%s"\n' "$2" "$3" "$4" "$5" |
                put usr/lib/os-release
        add_xen_modules
}

# enable UNIT [TARGET]
enable()
{
        put "usr/lib/systemd/system/$1" </dev/null
        mkdir -p "$root/etc/systemd/system/${2-multi-user}.target.wants"
        ln -s "/lib/systemd/system/$1" "$root/etc/systemd/system/${2-multi-user}.target.wants/$1"
}

# The NVMe driver as a module.
nvme_as_module()
{
        add_module drivers/nvme/host/nvme-core exports=nvme_init_ctrl
        add_module drivers/nvme/host/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*' needs=nvme_init_ctrl
}

# Ubuntu's kernels for EC2 have it built in, and the root's file system, https://github.com/awslabs/aws-support-tools/issues/86.
nvme_builtin()
{
        add_builtin ext4 fs/ext4/ext4 fs-ext4
        add_builtin nvme_core drivers/nvme/host/nvme-core
        add_builtin nvme drivers/nvme/host/nvme 'pci:v*d*sv*sd*bc01sc08i02*'
}

# deb_image COMPRESSION MODULE...: index and image, as update-initramfs makes them.
deb_image()
{
        compression=$1
        shift
        index_modules
        image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront "$@"
        repack "$compression:$tree"
}

# Kernels before 5.2 do not tell what built-in modules take; the last thing to do.
no_builtin_modinfo()
{
        rm "$modules/modules.builtin.modinfo" "$tree/usr/lib/modules/$kernel/modules.builtin.modinfo"
        repack "gzip:$tree"
}

# ubuntu_menu CMDLINE: without the microcode that newer images load first.
ubuntu_menu()
{
        grub_config ubuntu-22.04 "$1"
        edit boot/grub/grub.cfg 's,/boot/microcode.cpio ,,'
        put etc/default/grub <<-END
		GRUB_DEFAULT=0
		GRUB_HIDDEN_TIMEOUT=0
		GRUB_HIDDEN_TIMEOUT_QUIET=true
		GRUB_TIMEOUT=0
		GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
		GRUB_CMDLINE_LINUX_DEFAULT="$1"
		GRUB_CMDLINE_LINUX=""
		END
}

# What the menus of newer Ubuntu load before the image, or alone.
add_microcode()
{
        mkdir -p "$tree.microcode/kernel/x86/microcode"
        head -c 2048 /dev/zero >"$tree.microcode/kernel/x86/microcode/AuthenticAMD.bin"
        pack "$root/boot/microcode.cpio" "cpio:$tree.microcode"
}

# Seen a first start, as i-0123456789abcdef0.
cloud_init_done()
{
        put usr/bin/cloud-init </dev/null
        put etc/cloud/cloud.cfg.d/90_dpkg.cfg <<-END
		# to update this file, run dpkg-reconfigure cloud-init
		datasource_list: [ Ec2, None ]
		END
        mkdir -p "$root/var/lib/cloud"
        ln -s instances/i-0123456789abcdef0 "$root/var/lib/cloud/instance"
}

# netplan's generator, systemd-networkd, and 50-cloud-init.yaml from standard input.
use_netplan()
{
        put usr/lib/systemd/system-generators/netplan </dev/null
        enable systemd-networkd.service
        put etc/netplan/50-cloud-init.yaml
}

# root_by_label OPTIONS: fstab of Ubuntu's images.
root_by_label()
{
        printf 'LABEL=cloudimg-rootfs\t/\t ext4\t%s\t0 %s\n' "$1" "${2-0}" | put etc/fstab
}
