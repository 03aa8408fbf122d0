# A target of which no source says how it starts.
# args: --target u-6tb1.metal
