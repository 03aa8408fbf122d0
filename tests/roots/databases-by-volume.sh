# Trap: databases that name their disks by what does not change, and ASMLib, which goes by labels.
put etc/drbd.d/data.res <<'EOF'
resource data { on a { disk /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123; device /dev/drbd0; } }
EOF
put etc/sysconfig/oracleasm <<'EOF'
ORACLEASM_SCANORDER="xvd sd"
EOF
put etc/my.cnf <<'EOF'
[mysqld]
tmpdir=/dev/shm
EOF
