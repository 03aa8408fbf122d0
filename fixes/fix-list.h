/* The fixes, in the order in which they plan: a file that one edits is what the next one reads. */
FIX(fstab_device_name)
FIX(fstab_custom_symlink)
FIX(by_path_xen)
FIX(fstab_xenfs)
FIX(cmdline_root_device)
FIX(cmdline_resume_device)
FIX(clocksource_xen)
