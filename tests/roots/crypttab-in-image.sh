# The root in LUKS: crypttab is mended, its copy in the image is as old as the image.
# args: --blkid blkid
cat >"$root/../blkid" <<'END'
/dev/xvda2: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000f" TYPE="crypto_LUKS"
/dev/mapper/root: UUID="0b5c0e1a-93a4-4d62-9a4c-000000000010" TYPE="ext4"
END
edit boot/grub/grub.cfg "s,root=UUID=$uuid,root=/dev/mapper/root,"
edit etc/fstab "s,UUID=$uuid,/dev/mapper/root,"
mkdir -p "$tree/cryptroot"
echo 'root UUID=0b5c0e1a-93a4-4d62-9a4c-00000000000f none luks,initramfs' | put etc/crypttab
echo 'root /dev/xvda2 none luks,initramfs' >"$tree/cryptroot/crypttab"
repack "zstd:$tree"
