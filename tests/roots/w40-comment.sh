# W40: names stand in comments only, as the installer writes them.
echo '# / was on /dev/sda1 during installation
#/dev/xvdf /data ext4 defaults 0 2
  # was /dev/xvdg' >>"$root/etc/fstab"
