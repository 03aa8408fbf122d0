# A file that speaks of disks, and is no YAML.
put usr/bin/cloud-init </dev/null
put etc/cloud/cloud.cfg.d/90-disks.cfg <<'EOF'
mounts:
  - [xvdf, /data
EOF
