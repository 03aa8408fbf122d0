# initcall_blacklist does.
# base: ubuntu
edit boot/grub/grub.cfg 's/net.ifnames=0/& initcall_blacklist=nvme_init/'
