# The configuration was mended, the image not made anew: it still resumes from a disk of Xen.
put etc/initramfs-tools/conf.d/resume <<'END'
RESUME=none
END
mkdir -p "$tree/conf/conf.d"
echo RESUME=/dev/xvdb >"$tree/conf/conf.d/resume"
repack
