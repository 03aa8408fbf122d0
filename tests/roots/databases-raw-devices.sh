# Databases and storage servers that are given disks without file systems, and files that name others.
put etc/drbd.d/data.res <<'EOF'
resource data {
        on a { device /dev/drbd0; disk /dev/xvdf; }
        # disk /dev/xvdz
}
EOF
put etc/sysconfig/rawdevices <<'EOF'
/dev/raw/raw1 /dev/xvdg1
EOF
put etc/mysql/my.cnf <<'EOF'
[mysqld]
innodb_data_file_path=/dev/xvdh:10Graw
EOF
put etc/target/saveconfig.json <<'EOF'
{"storage_objects": [{"dev": "/dev/nvme1n1", "plugin": "block"}]}
EOF
put etc/aerospike/aerospike.conf <<'EOF'
device /dev/xvdi
device /dev/nvme2n1
EOF
mkdir -p "$root/var/lib/ceph/osd/ceph-0" "$root/var/lib/ceph/osd/ceph-1"
ln -s /dev/xvdj "$root/var/lib/ceph/osd/ceph-0/block"
ln -s /dev/ceph-vg/osd-block "$root/var/lib/ceph/osd/ceph-1/block"
ln -s /dev/disk/by-partuuid/1-01 "$root/var/lib/ceph/osd/ceph-1/journal"
