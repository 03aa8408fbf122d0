# W51: a machine that came back from Nitro: xen_blkfront is loaded by name and said "No such device".
echo xen-blkfront >>"$tree/conf/modules"
repack
put etc/initramfs-tools/modules <<'END'
xen-blkfront
END
put etc/modules <<'END'
xen-blkfront
END
put var/log/kern.log <<'END'
ip-10-0-0-10 systemd-modules-load[172]: Failed to insert 'xen_blkfront': No such device
ip-10-0-0-10 kernel: VFS: Unable to mount root fs on unknown-block(0,0)
END
