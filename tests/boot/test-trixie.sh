#!/bin/sh
# Debian 13, kernel 6.12: modules compressed with xz; /boot of its own; dracut with systemd.
. "$(dirname "$0")/lib.sh"
use_disk trixie

boot 'as built' ready 'up eth0' 'up eth0' -- :
boot_quick 'image without nvme' not-ready:nvme-initramfs-missing no-root 'up eth0' -- image_for_xen
boot 'eth0 without net.ifnames=0' not-ready:net-predictable-rename no-network 'up eth0' -- without_ifnames
boot 'blacklist in the image' not-ready:nvme-blacklisted no-root 'up eth0' --confirm nvme-blacklisted -- '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'swap by name: waited for, then left out' ready:fstab-device-name 'up eth0' 'up eth0 swap' -- \
        'echo "/dev/xvdb none swap sw 0 0" >>etc/fstab'

use_disk trixie-cloud
boot '/boot by name' not-ready:fstab-device-name emergency 'up eth0' -- \
        'sed -i "s,^UUID=$boot_uuid,/dev/xvda2," etc/fstab'

# systemd in the image waits for the root for ever, and dracut's own loop is not run.
use_disk trixie-dracut
boot 'omit_drivers' not-ready:nvme-initramfs-missing hang 'up eth0' -- dracut_for_xen
tap_end
