# A built-in driver whose timeout is a byte is not refused.
# base: ubuntu
printf 'nvme_core.parmtype=io_timeout:byte\0' >>"$modules/modules.builtin.modinfo"
