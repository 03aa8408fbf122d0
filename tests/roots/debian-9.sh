# Debian 9 on EC2: /usr not merged, the helper of the cloud images configures whatever card comes.
. "$make_root_tools/make-deb-root.sh"
deb_root 4.9.0-19-amd64 'Debian GNU/Linux' debian 9 'Debian GNU/Linux 9 (stretch)'
nvme_as_module
add_ena_module
deb_image gzip drivers/nvme/host/nvme-core drivers/nvme/host/nvme
split_usr
no_builtin_modinfo
printf '[Link]\nNamePolicy=kernel database onboard slot path\nMACAddressPolicy=persistent\n' |
        put lib/systemd/network/99-default.link
put sbin/ifup </dev/null
enable networking.service
put etc/network/interfaces <<END
# Include files from /etc/network/interfaces.d:
source-directory /etc/network/interfaces.d

# Cloud images dynamically generate config fragments for newly
# attached interfaces. See /etc/udev/rules.d/75-cloud-ifupdown.rules
# and /etc/network/cloud-ifupdown-helper. Dynamically generated
# configuration fragments are stored in /run:
source-directory /run/network/interfaces.d
END
printf 'auto $INTERFACE\nallow-hotplug $INTERFACE\n\niface $INTERFACE inet dhcp\n' | put etc/network/cloud-interfaces-template
put etc/network/cloud-ifupdown-helper </dev/null
chmod +x "$root/etc/network/cloud-ifupdown-helper"
put etc/udev/rules.d/75-cloud-ifupdown.rules <<END
# Handle allow-hotplug interfaces
SUBSYSTEM=="net", ACTION=="add", ENV{INTERFACE}=="eth*|en*", RUN+="/etc/network/cloud-ifupdown-helper"
END
cloud_init_done
printf 'network: {config: disabled}\n' | put etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
grub_config debian-12 'consoleblank=0 elevator=noop scsi_mod.use_blk_mq=Y console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200'
printf '# /etc/fstab: static file system information\nUUID=%s / ext4 rw,discard,errors=remount-ro 0 1\n' $uuid | put etc/fstab
