/* Every probe, in the order they run: one line each. Each comes after those it needs. */
PROBE(volume)
PROBE(os)
PROBE(fstab)
PROBE(cmdline)
PROBE(clock)
PROBE(platform)
PROBE(cpu)
PROBE(target)
