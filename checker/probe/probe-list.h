/* Every probe, in the order they run: one line each. Each comes after those it needs. */
PROBE(os)
PROBE(fstab)
PROBE(clock)
