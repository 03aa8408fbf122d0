# Ubuntu 18.04 whose own netplan file names eth0, and no MAC address.
# base: w02-ubuntu-18.04-nvme-builtin
printf 'network: {config: disabled}\n' | put etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
rm "$root/etc/netplan/50-cloud-init.yaml"
put etc/netplan/01-netcfg.yaml <<END
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      dhcp4: yes
END
