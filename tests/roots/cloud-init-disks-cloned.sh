# The same, when new instances are made from the volume.
# base: cloud-init-disks
# args: --mode clone
