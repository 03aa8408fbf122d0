# Trap: monitoring as packages and agents install it, with examples in comments and patterns for all disks.
put etc/smartd.conf <<'EOF'
#/dev/sda -a -d sat
DEVICESCAN -d removable -n standby -m root
EOF
put etc/hdparm.conf <<'EOF'
# /dev/hda {
#	mult_sect_io = 16
# }
quiet
EOF
put etc/telegraf/telegraf.conf <<'EOF'
[[inputs.diskio]]
  # devices = ["sda", "sdb", "vd*"]
  ## see the aws sdk
[[inputs.statsd]]
EOF
put etc/zabbix/zabbix_agentd.conf <<'EOF'
Server=10.0.0.1
UserParameter=nvme,cat /sys/block/nvme0n1/stat
EOF
put opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json <<'EOF'
{"metrics": {"metrics_collected": {"diskio": {"resources": ["*", "nvme0n1"]}}}}
EOF
put etc/nagios/nrpe.cfg <<'EOF'
command[check_hda1]=/usr/lib/nagios/plugins/check_disk -w 20% -c 10% -p /dev/hda1
EOF
