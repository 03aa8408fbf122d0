# SLES 12 SP5 on EC2: no net.ifnames= on the command line, for SUSE's udev renames nothing.
. "$make_root_tools/make-suse-root.sh"
suse_root 4.12.14-122.26-default sles 12.5 'SUSE Linux Enterprise Server 12 SP5' 'SLES 12-SP5' \
        'console=tty0 console=ttyS0,115200n8 multipath=off'
old_default_link
add_nitro_modules
dracut_image xz $xen_modules $nvme_modules
rm "$modules/modules.builtin.modinfo"
