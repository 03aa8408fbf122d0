# W21: no timeout on the command line; a rule of udev sets it, as amazon-ec2-utils does.
put usr/lib/udev/rules.d/70-ec2-nvme-timeout.rules <<'END'
ACTION=="add", SUBSYSTEM=="module", KERNEL=="nvme_core", ATTR{parameters/io_timeout}="4294967295"
END
