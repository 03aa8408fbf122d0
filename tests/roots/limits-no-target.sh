# Processors that the kernel may not use, and no target to compare with; the last of two words counts.
edit boot/grub/grub.cfg 's/net.ifnames=0/& nr_cpus=2 nr_cpus=64 mem=nopentium/'
