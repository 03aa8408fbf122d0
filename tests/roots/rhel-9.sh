# RHEL 9.1 as on EC2: entry files with whole command lines.
. "$make_root_tools/make-rpm-root.sh"
root_rhel9
