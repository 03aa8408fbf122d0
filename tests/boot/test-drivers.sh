#!/bin/sh
# The NVMe driver: not in the image, kept from loading, with parameters that it refuses.
. "$(dirname "$0")/lib.sh"
use_disk bookworm

boot_quick 'image without nvme' not-ready:nvme-initramfs-missing no-root 'up eth0' -- image_for_xen
boot 'image without nvme, made anew by its own tool' not-ready:nvme-initramfs-missing no-root 'up eth0' --chroot -- image_for_xen
boot 'image without nvme, in lz4' not-ready:nvme-initramfs-missing no-root 'up eth0' -- 'image_for_xen; compressed_with lz4 -l'
boot 'image without nvme, in xz' not-ready:nvme-initramfs-missing no-root 'up eth0' -- 'image_for_xen; compressed_with xz --check=crc32'
boot 'blacklist in the image' not-ready:nvme-blacklisted no-root 'up eth0' --confirm nvme-blacklisted -- '
        echo "blacklist nvme" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'install nvme_core /bin/false in the image' not-ready:nvme-blacklisted no-root 'up eth0' --confirm nvme-blacklisted -- '
        echo "install nvme_core /bin/false" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'modprobe.blacklist=nvme' not-ready:nvme-blacklisted no-root 'up eth0' --confirm nvme-blacklisted -- \
        'parameter modprobe.blacklist=nvme'
boot 'a number too large for nvme_core' not-ready:nvme-io-timeout-out-of-range no-root 'up eth0' -- \
        'parameter nvme_core.io_timeout=4294967296'

# What comes up all the same.
boot 'as built' ready 'up eth0' 'up eth0' -- :
boot 'clocksource=xen' ready:clocksource-xen 'up eth0' 'up eth0' -- 'parameter clocksource=xen'
boot 'blacklist in the root only' ready:nvme-blacklisted 'up eth0' 'up eth0' -- \
        'echo "blacklist nvme" >etc/modprobe.d/hardening.conf'
boot 'blacklist of nvme_core in the image: a dependency loads all the same' ready:nvme-blacklisted 'up eth0' 'up eth0' -- '
        echo "blacklist nvme_core" >etc/modprobe.d/hardening.conf
        remake_image'
boot 'the largest numbers nvme_core takes' ready:nvme-io-timeout-out-of-range 'up eth0' 'up eth0' -- \
        'parameter nvme_core.max_retries=255 nvme_core.io_timeout=4294967295'
boot 'a number too large for nvme_core, in the root only' ready:nvme-io-timeout-out-of-range 'up eth0' 'up eth0' -- \
        'echo "options nvme_core max_retries=256" >etc/modprobe.d/nvme.conf'
tap_end
