# An Ubuntu that was made on Nitro, and told the number of its disk.
# base: ubuntu
put var/lib/dpkg/info/grub-pc.postinst </dev/null
put var/cache/debconf/config.dat <<'EOF'
Name: grub-pc/install_devices
Template: grub-pc/install_devices
Value: /dev/nvme0n1
Owners: grub-pc
EOF
