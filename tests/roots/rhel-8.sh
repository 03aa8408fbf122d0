# RHEL 8.4 as on EC2: entry files with $kernelopts, $tuned_params and $tuned_initrd.
. "$make_root_tools/make-rpm-root.sh"
root_rhel8
