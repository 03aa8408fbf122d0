# Trap: cloud.cfg as packages have it, and disks named by what stays.
put usr/bin/cloud-init </dev/null
put etc/cloud/cloud.cfg <<'EOF'
users:
 - default
mount_default_fields: [~, ~, 'auto', 'defaults,nofail', '0', '2']
cloud_init_modules:
 - bootcmd
 - growpart
cloud_config_modules:
 - mounts
 - runcmd
EOF
put etc/cloud/cloud.cfg.d/05_logging.cfg <<'EOF'
_log:
 - &log_base |
   [handlers]
   args=("/dev/log",)
output: {all: '| tee -a /var/log/cloud-init-output.log'}
EOF
put var/lib/cloud/instance/cloud-config.txt <<'EOF'
#cloud-config
mounts:
  - [ephemeral0, /mnt]
  - ["UUID=c0ffee00-0b00-4a00-8a00-000000000009", /data]
growpart: {devices: [/]}
EOF
