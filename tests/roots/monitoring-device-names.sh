# Agents that watch the disks of a Xen instance by name.
put opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json <<'EOF'
{"metrics": {"metrics_collected": {"diskio": {"resources": ["xvda1", "xvdf"]}}}}
EOF
put etc/collectd/collectd.conf <<'EOF'
<Plugin disk>
  Disk "/^xvd/"
  #Disk "sda"
</Plugin>
EOF
put etc/telegraf/telegraf.conf <<'EOF'
[[inputs.diskio]]
  devices = ["xvdf"]
EOF
put etc/nagios/nrpe.cfg <<'EOF'
command[check_data]=/usr/lib/nagios/plugins/check_disk -w 20% -p /dev/xvdf1
EOF
put etc/smartd.conf <<'EOF'
/dev/sda -a
EOF
mkdir -p "$root/etc/munin/plugins"
ln -s /usr/share/munin/plugins/diskstat_ "$root/etc/munin/plugins/diskstat_iops_xvda"
ln -s /usr/share/munin/plugins/df "$root/etc/munin/plugins/df"
