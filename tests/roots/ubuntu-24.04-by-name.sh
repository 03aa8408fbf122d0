# Ubuntu 24.04 whose own netplan file names the card of Xen, enX0.
# base: ubuntu-24.04
printf 'network: {config: disabled}\n' | put etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
printf 'network:\n  version: 2\n  ethernets:\n    enX0:\n      dhcp4: true\n' | put etc/netplan/50-cloud-init.yaml
