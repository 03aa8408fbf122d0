# A target that nobody has heard of.
# args: --target x9.huge
:
