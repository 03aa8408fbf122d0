# An index that is a link to the host's.
ln -sf /../../../../../../../etc/hostname "$modules/modules.dep.bin"
