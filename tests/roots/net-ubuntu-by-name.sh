# A netplan file that names the card, and cloud-init told to leave the network alone.
# base: ubuntu
edit boot/grub/grub.cfg 's/net.ifnames=0//'
rm -r "$root/etc/network" "$root/usr/sbin/ifup" "$root/etc/systemd/system/multi-user.target.wants/networking.service"
put usr/lib/systemd/system-generators/netplan </dev/null
put usr/bin/cloud-init </dev/null
put etc/cloud/cloud.cfg.d/99-disable-network-config.cfg <<END
network: {config: disabled}
END
put etc/netplan/01-netcfg.yaml <<END
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      dhcp4: true
END
