# Roots of distributions with rpm packages, on top of make-root.sh. A recipe sources it and calls one
# of the systems at the end; each throws away the root there was.

# empty_root KERNEL: a root with a kernel and its modules, as root_common has it.
empty_root()
{
        rm -rf "$root" "$tree"
        kernel=$1
        names_common
        initrd=initramfs- initrd_end=.img
        root_common
        add_xen_modules
        add_module block/t10-pi exports=t10_pi_type1_crc
        add_module drivers/nvme/host/nvme-core exports=nvme_init_ctrl needs=t10_pi_type1_crc
        add_module drivers/nvme/host/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*' needs=nvme_init_ctrl
        add_ena_module
        index_modules
        image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront block/t10-pi \
                drivers/nvme/host/nvme-core drivers/nvme/host/nvme
        rm -r "$tree/conf"
        repack
        put etc/fstab <<-END
		UUID=$uuid / xfs defaults 0 0
		END
        put etc/sysconfig/network-scripts/ifcfg-eth0 <<-END
		DEVICE=eth0
		BOOTPROTO=dhcp
		ONBOOT=yes
		TYPE=Ethernet
		END
}

# older_kernel RELEASE: a second kernel, whose image was made on Xen and lacks NVMe.
older_kernel()
{
        cp -R "$modules" "$root/usr/lib/modules/$1"
        craft kernel "$root/boot/vmlinuz-$1" "$1"
        older=$(mktemp -d)
        mkdir -p "$older/usr/lib/modules/$1/kernel/drivers/block"
        cp "$modules/kernel/drivers/block/xen-blkfront.ko" "$older/usr/lib/modules/$1/kernel/drivers/block/"
        echo '#!/bin/sh' >"$older/init"
        pack "$root/boot/$initrd$1$initrd_end" "cpio:$older"
        rm -r "$older"
}

# The image anew, as dracut makes it on Xen for that host only.
image_of_xen_host()
{
        rm -r "$tree"
        image_tree "$tree" drivers/block/xen-blkfront drivers/net/xen-netfront
        rm -r "$tree/conf"
        repack
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

# RHEL 8: options and initrd with variables, https://github.com/rhboot/grub2 branch rhel-8.8.0.
root_rhel8()
{
        empty_root 4.18.0-305.el8.x86_64
        os_release 'Red Hat Enterprise Linux' 8.4 rhel 'Red Hat Enterprise Linux 8.4 (Ootpa)'
        grub2_config rhel-8 'console=ttyS0,115200n8 console=tty0 net.ifnames=0 crashkernel=auto'
        grub2_env "saved_entry=$machine_id-$kernel" boot_success=0 \
                "kernelopts=root=UUID=$uuid ro console=ttyS0,115200n8 console=tty0 net.ifnames=0 crashkernel=auto "
        bls_entry "Red Hat Enterprise Linux ($kernel) 8.4 (Ootpa)" $kernel \
                '$kernelopts $tuned_params' ' $tuned_initrd'
        older_kernel 4.18.0-80.el8.x86_64
        bls_entry 'Red Hat Enterprise Linux (4.18.0-80.el8.x86_64) 8.0 (Ootpa)' 4.18.0-80.el8.x86_64 \
                '$kernelopts $tuned_params' ' $tuned_initrd'
}

# RHEL 9: the command line stands in each entry.
root_rhel9()
{
        empty_root 5.14.0-162.6.1.el9_1.x86_64
        os_release 'Red Hat Enterprise Linux' 9.1 rhel 'Red Hat Enterprise Linux 9.1 (Plow)'
        grub2_config rhel-8 'console=tty0 console=ttyS0,115200n8 net.ifnames=0 rd.blacklist=nouveau'
        edit boot/grub2/grub.cfg '/BEGIN.*00_tuned/,/END.*00_tuned/d'
        grub2_env "saved_entry=$machine_id-$kernel" boot_success=0
        bls_entry "Red Hat Enterprise Linux ($kernel) 9.1 (Plow)" $kernel \
                "root=UUID=$uuid ro console=tty0 console=ttyS0,115200n8 net.ifnames=0 rd.blacklist=nouveau"
}

# Amazon Linux 2023: the GRUB of Fedora, /boot in the root file system.
root_al2023()
{
        empty_root 6.1.55-75.123.amzn2023.x86_64
        os_release 'Amazon Linux' 2023 amzn 'Amazon Linux 2023'
        grub2_config rhel-8 'console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 selinux=1 security=selinux quiet'
        edit boot/grub2/grub.cfg '/BEGIN.*00_tuned/,/END.*00_tuned/d'
        grub2_env "saved_entry=$machine_id-$kernel"
        bls_entry "Amazon Linux ($kernel) 2023" $kernel \
                "root=UUID=$uuid ro console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 selinux=1 security=selinux quiet"
}

# CentOS 7: menu entries in /boot/grub2/grub.cfg, saved_entry is a title (grubby writes it so).
root_centos7()
{
        empty_root 3.10.0-1160.el7.x86_64
        os_release 'CentOS Linux' 7 centos 'CentOS Linux 7 (Core)'
        older_kernel 3.10.0-514.el7.x86_64
        grub2_config centos-7 'console=tty0 console=ttyS0,115200n8 crashkernel=auto net.ifnames=0' \
                3.10.0-514.el7.x86_64
        grub2_env "saved_entry=CentOS Linux ($kernel) 7 (Core)"
}
