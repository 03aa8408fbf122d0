# W02: Ubuntu 18.04 on EC2, ready: NVMe is built into its kernel, which no module file tells; netplan by MAC address.
. "$make_root_tools/make-deb-root.sh"
deb_root 4.15.0-1103-aws Ubuntu ubuntu 18.04 'Ubuntu 18.04.6 LTS'
nvme_builtin
add_ena_module
deb_image gzip
split_usr
no_builtin_modinfo
printf '[Link]\nNamePolicy=kernel database onboard slot path\nMACAddressPolicy=persistent\n' |
        put lib/systemd/network/99-default.link
use_netplan <<END
# This file is generated from information provided by
# the datasource.  Changes to it will not persist across an instance.
# To disable cloud-init's network configuration capabilities, write a file
# /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg with the following:
# network: {config: disabled}
network:
    version: 2
    ethernets:
        eth0:
            dhcp4: true
            match:
                macaddress: 0a:1b:2c:3d:4e:5f
            set-name: eth0
END
cloud_init_done
ubuntu_menu 'console=tty1 console=ttyS0'
root_by_label defaults,discard
