# Limits for a small machine, and a target that is larger.
# args: --target m5.2xlarge
kernel_config NR_CPUS=4
edit boot/grub/grub.cfg 's/net.ifnames=0/& maxcpus=2 mem=8G/'
