# Credits that were not charged before, and a 32-bit type whose system is not.
# args: --source t2.micro --target t3.micro
