# Trap: rules that know both, rules of amazon-ec2-utils, for network cards, masked, and of disks that Xen does not have.
put etc/udev/rules.d/60-scheduler.rules <<'EOF'
KERNEL=="xvd*|nvme*n1", ATTR{queue/read_ahead_kb}="256"
KERNEL=="sd[a-z]", ATTR{queue/scheduler}="deadline"
KERNEL!="xvd*|nvme*", GOTO="x"
LABEL="x"
EOF
put etc/udev/rules.d/51-ec2-hvm-devices.rules <<'EOF'
KERNEL=="xvd*", PROGRAM="/sbin/ec2udev %k", SYMLINK+="%c"
EOF
put etc/udev/rules.d/70-net.rules <<'EOF'
SUBSYSTEM=="net", SUBSYSTEMS=="xen", NAME="eth0"
EOF
put etc/udev/rules.d/99-data.rules <<'EOF'
KERNEL=="xvdf", SYMLINK+="data"
KERNEL=="nvme*n1", ATTRS{serial}=="vol0123456789abcdef0", SYMLINK+="data"
EOF
ln -s /dev/null "$root/etc/udev/rules.d/99-masked.rules"
