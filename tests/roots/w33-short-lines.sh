# W33: lines with three, four and five fields.
printf '%s\n' '/dev/xvdf /a ext4' '/dev/xvdg /b ext4 nofail' '/dev/xvdh /c ext4 noauto 0' >>"$root/etc/fstab"
