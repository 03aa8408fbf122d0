# W53: trap: scripts that know other signs of EC2, units that are for others than Xen, an agent that is not in use.
put usr/local/bin/is-ec2 <<'EOF'
#!/bin/sh
grep -qi ^ec2 /sys/hypervisor/uuid 2>/dev/null || grep -q 'Amazon EC2' /sys/class/dmi/id/sys_vendor
EOF
put etc/systemd/system/lock.service <<'EOF'
[Unit]
# ConditionVirtualization=xen
ConditionVirtualization=!xen
[Service]
ExecStart=/bin/true
EOF
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/var/lib/hibinit-agent"
ln -s /lib/systemd/system/hibinit-agent.service "$root/etc/systemd/system/multi-user.target.wants/"
