# A target that is no Nitro type.
# args: --target m4.large
:
