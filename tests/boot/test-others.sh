#!/bin/sh
# Names in other files than fstab, other ways to configure a card.
. "$(dirname "$0")/lib.sh"
networkd='rm -r etc/network/interfaces*; in_root systemctl enable systemd-networkd; without_ifnames'
use_disk bookworm

boot 'networkd, eth0 without net.ifnames=0' not-ready:net-predictable-rename no-network 'up eth0' -- "$networkd"'
        printf "[Match]\nName=eth0\n[Network]\nDHCP=yes\n" >etc/systemd/network/10.network'
boot 'a mapping of a volume by name, and its mount' not-ready:crypttab-device-name emergency 'emergency, exit 1' -- '
        echo "data /dev/xvdf none luks" >etc/crypttab
        echo "/dev/mapper/data /data ext4 defaults 0 2" >>etc/fstab'
boot 'a mount unit by name, which local-fs.target requires' not-ready:systemd-units emergency 'up eth0 /data' -- '
        printf "[Mount]\nWhat=/dev/xvdf\nWhere=/data\n[Install]\nRequiredBy=local-fs.target\n" >etc/systemd/system/data.mount
        in_root systemctl enable data.mount'

# What comes up all the same.
boot 'networkd, en* without net.ifnames=0' ready:net-predictable-rename 'up ens5' 'up ens5' -- "$networkd"'
        printf "[Match]\nName=en*\n[Network]\nDHCP=yes\n" >etc/systemd/network/10.network'
boot 'eth0 by its address, in 70-persistent-net.rules' ready:net-predictable-rename 'up eth0' 'up eth0' -- '
        without_ifnames
        printf "%s\n" >etc/udev/rules.d/70-persistent-net.rules "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"52:54:00:12:34:56\", NAME=\"eth0\""'
boot 'a mapping of a volume by name, and nothing that uses it' ready:crypttab-device-name 'up eth0' 'up eth0' -- \
        'echo "data /dev/xvdf none luks" >etc/crypttab'
tap_end
