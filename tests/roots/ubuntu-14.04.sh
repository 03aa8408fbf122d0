# Ubuntu 14.04 on EC2 with the kernel made for it (linux-aws): Upstart, ifupdown, eth0.
. "$make_root_tools/make-deb-root.sh"
deb_root 4.4.0-1044-aws Ubuntu ubuntu 14.04 'Ubuntu 14.04.6 LTS'
nvme_builtin
add_ena_module
deb_image gzip
split_usr
no_builtin_modinfo
rm -r "$root/lib/systemd" "$root/sbin/init" "$root/lib/udev/rules.d/80-net-setup-link.rules"
craft program "$root/sbin/init" 62
for program in initctl mountall ifup; do
        put sbin/$program </dev/null
done
put usr/sbin/acpid </dev/null
for job in mountall networking network-interface acpid; do
        put etc/init/$job.conf </dev/null
done
put lib/udev/rules.d/75-persistent-net-generator.rules <<END
ACTION!="add", GOTO="persistent_net_generator_end"
SUBSYSTEMS=="xen", GOTO="persistent_net_generator_end"
LABEL="persistent_net_generator_end"
END
printf 'auto lo\niface lo inet loopback\n\nsource /etc/network/interfaces.d/*.cfg\n' | put etc/network/interfaces
printf '# The primary network interface\nauto eth0\niface eth0 inet dhcp\n' | put etc/network/interfaces.d/eth0.cfg
cloud_init_done
ubuntu_menu 'console=tty1 console=ttyS0'
root_by_label defaults,discard
