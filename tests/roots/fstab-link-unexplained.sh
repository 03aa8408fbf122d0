# A link that no rule makes: nobody can tell.
echo '/dev/ebs0 /data ext4 defaults 0 2' >>"$root/etc/fstab"
