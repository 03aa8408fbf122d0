# SLES 15 that loads supported modules only, with an ENA driver built by hand; those of the kernel are
# supported.
# base: sles-15
# confirm: suse-unsupported-modules
. "$make_root_tools/make-suse-root.sh"
support_modules
add_ena_by_hand
