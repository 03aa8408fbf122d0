# W21: Amazon Linux 2023 with the timeout in a udev rule, as amazon-ec2-utils has it.
. "$make_root_tools/make-rpm-root.sh"
root_al2023
for file in "$root"/boot/loader/entries/*.conf; do sed -i 's/ nvme_core.io_timeout=4294967295//' "$file"; done
put usr/lib/udev/rules.d/70-ec2-nvme-devices.rules <<-'END'
	ACTION=="remove", GOTO="ec2_nvme_devices_end"
	KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon Elastic Block Store", ATTR{queue/io_timeout}="4294967295"
	KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon EC2 NVMe Instance Storage", ATTR{queue/io_timeout}="90000"
	LABEL="ec2_nvme_devices_end"
END
