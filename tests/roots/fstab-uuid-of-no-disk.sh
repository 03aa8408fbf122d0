# The saved blkid output of the whole machine: /data was made anew, /more was detached, /efi is there.
# args: --blkid blkid
printf '%s\n' "/dev/xvda1: UUID=\"$uuid\" TYPE=\"ext4\"" '/dev/xvda15: UUID="0A1B-2C3D" TYPE="vfat"' >"$root/../blkid"
printf '%s\n' 'UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11 /data ext4 defaults 0 2' 'LABEL=more /more xfs nofail 0 0' \
	'UUID=0A1B-2C3D /boot/efi vfat umask=0077 0 1' >>"$root/etc/fstab"
