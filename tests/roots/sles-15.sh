# SLES 15 SP4 on EC2: GRUB 2 with SUSE's settings, dracut, wicked.
. "$make_root_tools/make-suse-root.sh"
suse_root 5.14.21-150400.24.21-default sles 15.4 'SUSE Linux Enterprise Server 15 SP4' 'SLES 15-SP4' \
        'console=ttyS0,115200n8 net.ifnames=0 dis_ucode_ldr multipath=off nvme_core.io_timeout=4294967295'
add_nitro_modules
add_module drivers/nvme/host/nvme-fabrics exports=nvmf_register_transport needs=nvme_init_ctrl
add_module drivers/nvme/host/nvme-tcp needs=nvmf_register_transport needs=nvme_init_ctrl
compress_modules zstd
dracut_image xz $xen_modules $nvme_modules
