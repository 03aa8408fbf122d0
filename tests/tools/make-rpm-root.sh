# Roots of distributions with rpm packages, on top of make-root.sh. A recipe sources it and calls one
# of the systems at the end; each throws away the root there was.

# empty_root KERNEL [NAMES]: a root with a kernel and its modules, as root_common has it; NAMES is a
# function that says what files are called.
empty_root()
{
        rm -rf "$root" "$tree"
        kernel=$1
        names_common
        initrd=initramfs- initrd_end=.img
        root_common
        ${2-:}
        add_xen_modules
}

nvme_modules='block/t10-pi drivers/nvme/host/nvme-core drivers/nvme/host/nvme'
xen_modules='drivers/block/xen-blkfront drivers/net/xen-netfront'

# NVMe and ENA where Red Hat's and SUSE's kernels have them.
add_nitro_modules()
{
        add_module block/t10-pi exports=t10_pi_type1_crc
        add_module drivers/nvme/host/nvme-core exports=nvme_init_ctrl needs=t10_pi_type1_crc
        add_module drivers/nvme/host/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*' needs=nvme_init_ctrl
        add_ena_module
        index_modules
}

# dracut_image COMPRESSION MODULE...: with the processor's microcode before it, not compressed.
dracut_image()
{
        compression=$1
        shift
        rm -rf "$tree"
        image_tree "$tree" "$@"
        rm -r "$tree/conf"
        mkdir -p "$tree/usr/lib/dracut/hooks" "$tree.early/kernel/x86/microcode"
        echo '#!/bin/sh' >"$tree/usr/lib/dracut-lib.sh"
        echo 1 >"$tree.early/early_cpio"
        head -c 2048 /dev/zero >"$tree.early/kernel/x86/microcode/GenuineIntel.bin"
        repack "cpio:$tree.early" "$compression:$tree"
}

# The image anew, as dracut makes it on Xen for that host only.
image_of_xen_host()
{
        dracut_image gzip $xen_modules
}

# older_kernel RELEASE: a second kernel, whose image was made on Xen and lacks NVMe.
older_kernel()
{
        cp -R "$modules" "$root/usr/lib/modules/$1"
        craft kernel "$root/boot/vmlinuz-$1" "$1"
        (kernel=$1 && kernel_config)
        older=$(mktemp -d)
        mkdir -p "$older/usr/lib/modules/$1/kernel/drivers/block"
        cp "$modules/kernel/drivers/block/xen-blkfront$ko" "$older/usr/lib/modules/$1/kernel/drivers/block/"
        echo '#!/bin/sh' | tee "$older/init" >"$older/usr/lib/dracut-lib.sh"
        pack "$root/boot/$initrd$1$initrd_end" "cpio:$older"
        rm -r "$older"
}

os_release()
{
        printf 'NAME="%s"\nVERSION_ID="%s"\nID="%s"\nPRETTY_NAME="%s"\n' "$@" | put usr/lib/os-release
}

# grub2_config TEMPLATE CMDLINE [SECOND-KERNEL]
grub2_config()
{
        sed -e "s/@UUID@/$uuid/g; s/@KERNEL@/$kernel/g; s/@KERNEL2@/${3-}/g; s/@CMDLINE@/$2/g" \
                "$make_root_tools/grub/$1.cfg" | put boot/grub2/grub.cfg
}

# grub2_env LINE...: variables of /boot/grub2/grubenv.
grub2_env()
{
        { echo '# GRUB Environment Block'; printf '%s\n' "$@"; head -c 1024 /dev/zero | tr '\0' '#'; } |
                head -c 1024 | put boot/grub2/grubenv
}

# bls_entry TITLE RELEASE OPTIONS: as kernel-install writes it where /boot is part of the root.
bls_entry()
{
        put "boot/loader/entries/$machine_id-$2.conf" <<-END
		title $1
		version $2
		linux /boot/vmlinuz-$2
		initrd /boot/initramfs-$2.img${4-}
		options $3
		grub_users \$grub_users
		grub_arg --unrestricted
		grub_class kernel
		END
}

machine_id=0ec2aa11bb22cc33dd44ee55ff667788

# ---- networks ------------------------------------------------------------------------------------

# The script of Red Hat 7 and Amazon Linux 2, started as chkconfig has it, and udev's rule that goes
# with it (initscripts).
use_network_script()
{
        put etc/rc.d/init.d/network </dev/null
        for level in 2 3 4 5; do
                mkdir -p "$root/etc/rc.d/rc$level.d"
                ln -s ../init.d/network "$root/etc/rc.d/rc$level.d/S10network"
        done
        ln -s rc.d/rc3.d "$root/etc/rc3.d"
        ln -s rc.d/init.d "$root/etc/init.d"
        printf 'NETWORKING=yes\nNOZEROCONF=yes\n' | put etc/sysconfig/network
        put usr/lib/udev/rules.d/60-net.rules <<-END
		ACTION=="add", SUBSYSTEM=="net", DRIVERS=="?*", ATTR{type}=="1", PROGRAM="/lib/udev/rename_device", RESULT=="?*", NAME="\$result"
		END
        printf 'DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\nONBOOT=yes\nNAME=loopback\n' |
                put etc/sysconfig/network-scripts/ifcfg-lo
}

# enable UNIT [TARGET]
enable()
{
        put "usr/lib/systemd/system/$1" </dev/null
        mkdir -p "$root/etc/systemd/system/${2-multi-user}.target.wants"
        ln -s "/usr/lib/systemd/system/$1" "$root/etc/systemd/system/${2-multi-user}.target.wants/$1"
}

# NetworkManager, and what cloud-init wrote for it on Xen.
use_networkmanager()
{
        enable NetworkManager.service
        printf '[main]\n#plugins=ifcfg-rh\n\n[logging]\n' | put etc/NetworkManager/NetworkManager.conf
        put etc/sysconfig/network-scripts/ifcfg-eth0 <<-END
		# Created by cloud-init on instance boot automatically, do not edit.
		#
		BOOTPROTO=dhcp
		DEVICE=eth0
		HWADDR=0a:1b:2c:3d:4e:5f
		ONBOOT=yes
		STARTMODE=auto
		TYPE=Ethernet
		USERCTL=no
		END
}

# Of systemd up to 239: no [Match].
old_default_link()
{
        printf '[Link]\nNamePolicy=kernel database onboard slot path\nMACAddressPolicy=persistent\n' |
                put usr/lib/systemd/network/99-default.link
}

# ---- systems -------------------------------------------------------------------------------------

root_el()
{
        empty_root "$1"
        add_nitro_modules
        compress_modules xz
        dracut_image gzip $xen_modules $nvme_modules
        put etc/fstab <<-END

		#
		# /etc/fstab
		# Created by anaconda
		#
		# Accessible filesystems, by reference, are maintained under '/dev/disk'
		# See man pages fstab(5), findfs(8), mount(8) and/or blkid(8) for more info
		#
		UUID=$uuid /                       xfs     defaults        0 0
		END
}

# CentOS and Red Hat 7.9, menu entries in /boot/grub2/grub.cfg, saved_entry is a title (grubby writes
# it): root_el7 NAME ID VERSION CODENAME CMDLINE.
root_el7()
{
        root_el 3.10.0-1160.el7.x86_64
        os_release "$1" "$3" "$2" "$1 $3 ($4)"
        old_default_link
        older_kernel 3.10.0-514.el7.x86_64
        grub2_config centos-7 "$5" 3.10.0-514.el7.x86_64
        sed -i "s/CentOS Linux (\(.*\)) 7 (Core)/$1 (\1) $3 ($4)/; s/--class centos/--class $2/" \
                "$root/boot/grub2/grub.cfg"
        grub2_env "saved_entry=$1 ($kernel) $3 ($4)"
        use_network_script
        put etc/sysconfig/network-scripts/ifcfg-eth0 <<-END
		DEVICE="eth0"
		BOOTPROTO="dhcp"
		ONBOOT="yes"
		TYPE="Ethernet"
		USERCTL="yes"
		PEERDNS="yes"
		IPV6INIT="no"
		PERSISTENT_DHCLIENT="1"
		END
        put etc/default/grub <<-END
		GRUB_TIMEOUT=1
		GRUB_DISTRIBUTOR="\$(sed 's, release .*\$,,g' /etc/system-release)"
		GRUB_DEFAULT=saved
		GRUB_DISABLE_SUBMENU=true
		GRUB_TERMINAL_OUTPUT="console"
		GRUB_CMDLINE_LINUX="$5"
		GRUB_DISABLE_RECOVERY="true"
		END
}

root_centos7()
{
        root_el7 'CentOS Linux' centos 7 Core 'console=tty0 console=ttyS0,115200n8 crashkernel=auto net.ifnames=0'
}

# RHEL 8: options and initrd with variables, https://github.com/rhboot/grub2 branch rhel-8.8.0; the
# command line of https://github.com/osbuild/osbuild-composer image-types/rhel8/amazon-ec2.md.
root_rhel8()
{
        root_el 4.18.0-305.el8.x86_64
        os_release 'Red Hat Enterprise Linux' 8.4 rhel 'Red Hat Enterprise Linux 8.4 (Ootpa)'
        old_default_link
        line='console=ttyS0,115200n8 console=tty0 net.ifnames=0 rd.blacklist=nouveau nvme_core.io_timeout=4294967295 crashkernel=auto'
        grub2_config rhel-8 "$line"
        grub2_env "saved_entry=$machine_id-$kernel" boot_success=0 "kernelopts=root=UUID=$uuid ro $line "
        bls_entry "Red Hat Enterprise Linux ($kernel) 8.4 (Ootpa)" $kernel \
                '$kernelopts $tuned_params' ' $tuned_initrd'
        older_kernel 4.18.0-80.el8.x86_64
        bls_entry 'Red Hat Enterprise Linux (4.18.0-80.el8.x86_64) 8.0 (Ootpa)' 4.18.0-80.el8.x86_64 \
                '$kernelopts $tuned_params' ' $tuned_initrd'
        use_networkmanager
        bls_default_grub "$line"
}

# bls_default_grub CMDLINE: /etc/default/grub where the menu comes from entry files.
bls_default_grub()
{
        put etc/default/grub <<-END
		GRUB_TIMEOUT=1
		GRUB_DEFAULT=saved
		GRUB_DISABLE_SUBMENU=true
		GRUB_TERMINAL_OUTPUT="console"
		GRUB_CMDLINE_LINUX="$1"
		GRUB_DISABLE_RECOVERY="true"
		GRUB_ENABLE_BLSCFG=true
		END
}

# RHEL 9: the command line stands in each entry.
root_rhel9()
{
        root_el 5.14.0-162.6.1.el9_1.x86_64
        os_release 'Red Hat Enterprise Linux' 9.1 rhel 'Red Hat Enterprise Linux 9.1 (Plow)'
        line='console=tty0 console=ttyS0,115200n8 net.ifnames=0 rd.blacklist=nouveau nvme_core.io_timeout=4294967295'
        grub2_config rhel-8 "$line"
        edit boot/grub2/grub.cfg '/BEGIN.*00_tuned/,/END.*00_tuned/d'
        grub2_env "saved_entry=$machine_id-$kernel" boot_success=0
        bls_entry "Red Hat Enterprise Linux ($kernel) 9.1 (Plow)" $kernel "root=UUID=$uuid ro $line"
        use_networkmanager
        bls_default_grub "$line"
}

# Amazon Linux 2023: the GRUB of Fedora, /boot in the root file system, systemd-networkd with
# https://github.com/amazonlinux/amazon-ec2-net-utils.
root_al2023()
{
        root_el 6.1.55-75.123.amzn2023.x86_64
        os_release 'Amazon Linux' 2023 amzn 'Amazon Linux 2023'
        line='console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 selinux=1 security=selinux quiet'
        grub2_config rhel-8 "$line"
        edit boot/grub2/grub.cfg '/BEGIN.*00_tuned/,/END.*00_tuned/d'
        grub2_env "saved_entry=$machine_id-$kernel"
        bls_entry "Amazon Linux ($kernel) 2023" $kernel "root=UUID=$uuid ro $line"
        put etc/fstab <<-END
		#
		UUID=$uuid     /           xfs    defaults,noatime  1   1
		UUID=D6C4-DA90        /boot/efi       vfat    defaults,noatime,uid=0,gid=0,umask=0077,shortname=winnt,x-systemd.automount 0 2
		END
        mkdir "$root/boot/efi"
        enable systemd-networkd.service
        put usr/lib/systemd/network/80-ec2.network <<-END
		[Match]
		Driver=ena ixgbevf vif

		[Link]
		MTUBytes=9001

		[Network]
		DHCP=yes
		IPv6DuplicateAddressDetection=0
		LLMNR=no
		DNSDefaultRoute=yes

		[DHCPv4]
		UseHostname=no
		UseDNS=yes
		UseNTP=yes
		UseDomains=yes
		END
        put etc/default/grub <<-END
		GRUB_CMDLINE_LINUX_DEFAULT="$line"
		GRUB_TIMEOUT=0
		GRUB_DISABLE_RECOVERY="true"
		GRUB_ENABLE_BLSCFG="true"
		END
}
