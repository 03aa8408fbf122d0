#!/bin/sh
# The list of wrong answers is a proof: each has a test that carries its number and says the right one.
. "$(dirname "$0")/../tap.sh"
run /usr/bin/python3 -B "$(dirname "$0")/wrong-answers.py"
is 'every wrong answer has its right one here' "$status$err: $out" '0: '
tap_end
