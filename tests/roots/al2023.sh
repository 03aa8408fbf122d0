# Amazon Linux 2023.
. "$make_root_tools/make-rpm-root.sh"
root_al2023
