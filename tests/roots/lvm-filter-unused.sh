# A filter that rejects NVMe disks, on a machine without logical volumes.
put etc/lvm/lvm.conf <<'END'
devices { filter = "r|.*|" }
END
