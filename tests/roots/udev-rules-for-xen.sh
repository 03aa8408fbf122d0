# Rules of udev for disks of Xen: a link, an owner, a setting, a jump past all others.
put etc/udev/rules.d/99-oracle.rules <<'EOF'
# KERNEL=="xvdz", OWNER="nobody"
KERNEL=="xvdf1", SYMLINK+="oracle/data1", OWNER="grid"
KERNEL=="xvd*|sd*", OWNER="oracle", MODE="0660"
SUBSYSTEMS=="xen", DRIVERS=="vbd", ACTION=="add", RUN+="/usr/local/bin/attached %k"
EOF
put etc/udev/rules.d/60-scheduler.rules <<'EOF'
ACTION=="add|change", KERNEL=="xvd[a-z]", ATTR{queue/scheduler}="noop"
EOF
put etc/udev/rules.d/61-jump.rules <<'EOF'
KERNEL!="xvd*", GOTO="jump_end"
ENV{UDISKS_IGNORE}="1"
LABEL="jump_end"
EOF
