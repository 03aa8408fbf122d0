# The type it comes from may have AVX-512, the target's CPU has not; a clone is another kind of move.
# args: --mode clone --source m5.large --target m5a.large
