# A clone of an instance that was hibernated: the new one is launched as wanted.
# base: guest-of-xen
# args: --mode clone
