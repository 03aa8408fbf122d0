# RHEL 7.9 as on EC2: GRUB 2 without entry files, the network script, gzip and xz.
. "$make_root_tools/make-rpm-root.sh"
root_el7 'Red Hat Enterprise Linux Server' rhel 7.9 Maipo 'console=ttyS0,115200n8 console=tty0 net.ifnames=0 rd.blacklist=nouveau crashkernel=auto'
