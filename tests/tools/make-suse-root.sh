# Roots of SUSE's images on EC2, on top of make-rpm-root.sh: /boot/initrd-RELEASE, dracut, wicked.
. "$make_root_tools/make-rpm-root.sh"

suse_names()
{
        initrd=initrd- initrd_end=
}

# suse_root KERNEL ID VERSION PRETTY TITLE CMDLINE
suse_root()
{
        empty_root "$1" suse_names
        os_release SLES "$3" "$2" "$4"
        ln -s "vmlinuz-$kernel" "$root/boot/vmlinuz"
        ln -s "initrd-$kernel" "$root/boot/initrd"
        grub2_config sles "$6"
        edit boot/grub2/grub.cfg "s/@TITLE@/$5/"
        grub2_env
        put etc/fstab <<-END
		UUID=$uuid / xfs defaults 0 0
		END
        put etc/default/grub <<-END
		GRUB_DISTRIBUTOR="$5"
		GRUB_DEFAULT=0
		GRUB_TIMEOUT=1
		GRUB_CMDLINE_LINUX_DEFAULT="$6"
		GRUB_CMDLINE_LINUX=""
		GRUB_TERMINAL="serial console"
		END
        use_wicked
        persistent_names
}

# As the images have it (https://github.com/SUSE-Enceladus/cloud-netconfig).
use_wicked()
{
        enable wicked.service
        ln -s /usr/lib/systemd/system/wicked.service "$root/etc/systemd/system/network.service"
        printf "STARTMODE=nfsroot\nIPADDR=127.0.0.1\nPREFIXLEN=8\n" | put etc/sysconfig/network/ifcfg-lo
        put etc/sysconfig/network/ifcfg.template </dev/null
        put etc/sysconfig/network/ifcfg-eth0 <<-END
		BOOTPROTO='dhcp'
		MTU=''
		REMOTE_IPADDR=''
		STARTMODE='onboot'
		CLOUD_NETCONFIG_MANAGE='yes'
		END
        put usr/lib/udev/rules.d/51-cloud-netconfig-hotplug.rules <<-END
		ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", IMPORT{program}="/bin/sleep 1"
		SUBSYSTEM=="net", KERNEL=="eth*", RUN+="/usr/libexec/cloud-netconfig/cloud-netconfig-hotplug"
		END
}

# Of SUSE's systemd, and hidden by cloud-netconfig, whose own leaves eth0 alone.
persistent_names()
{
        put usr/lib/udev/rules.d/75-persistent-net-generator.rules <<-END
		IMPORT{cmdline}="net.ifnames"
		ENV{net.ifnames}=="1", GOTO="persistent_net_generator_end"
		DRIVERS=="?*", IMPORT{program}="write_net_rules"
		LABEL="persistent_net_generator_end"
		END
        put usr/lib/udev/rules.d/75-cloud-persistent-net-generator.rules <<-END
		KERNEL=="eth0", GOTO="persistent_net_generator_end"
		IMPORT{program}="write_net_rules"
		LABEL="persistent_net_generator_end"
		END
        mkdir -p "$root/etc/udev/rules.d"
        ln -s /dev/null "$root/etc/udev/rules.d/75-persistent-net-generator.rules"
}

# Only what SUSE supports is loaded, and the kernel's own modules say that they are.
support_modules()
{
        mkdir -p "$root/etc/modprobe.d"
        put lib/modprobe.d/10-unsupported-modules.conf <<-END
		#
		# Every kernel module has a flag 'supported'. If this flag is not set loading
		# this module will taint your kernel.
		#
		allow_unsupported_modules 0
		END
        find "$modules" -name '*.ko*' -delete
        : >"$modules/modules.order"
        add_module drivers/block/xen-blkfront alias=xen:vbd supported=yes
        add_module drivers/net/xen-netfront alias=xen:vif supported=yes
        add_module block/t10-pi exports=t10_pi_type1_crc supported=yes
        add_module drivers/nvme/host/nvme-core exports=nvme_init_ctrl needs=t10_pi_type1_crc supported=yes
        add_module drivers/nvme/host/nvme 'alias=pci:v*d*sv*sd*bc01sc08i02*' needs=nvme_init_ctrl supported=yes
        add_ena_module drivers/net/ethernet/amazon/ena supported=yes
        index_modules
        ko=.ko
        dracut_image xz $xen_modules $nvme_modules
}

add_ena_by_hand()
{
        add_module ../updates/ena alias=pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* "$(vermagic $kernel)" version=2.13.0g
        index_modules
}
