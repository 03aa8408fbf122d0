# Services and units that are for Xen, and an instance that was hibernated.
put etc/systemd/system/xen-net.service <<'EOF'
[Unit]
Description=Offloads of the network card
ConditionVirtualization = xen
[Service]
Type=oneshot
ExecStart=/sbin/ethtool -K eth0 tso off
EOF
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/var/lib/hibinit-agent"
ln -s /lib/systemd/system/xe-daemon.service "$root/etc/systemd/system/multi-user.target.wants/"
: >"$root/var/lib/hibinit-agent/hibernation-enabled"
