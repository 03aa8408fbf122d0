# A target that exists.
# args: --target m5.large
:
