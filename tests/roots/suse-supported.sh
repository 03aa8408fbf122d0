# SLES 15 that loads supported modules only, and a later file that says so; all are.
# base: sles-15
. "$make_root_tools/make-suse-root.sh"
support_modules
printf 'allow_unsupported_modules 1\n' | put etc/modprobe.d/05-old.conf
