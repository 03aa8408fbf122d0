# No module directory for this kernel.
rm -r "$modules"
