#!/bin/sh
# rules/README.md ends with a table of what there is; each rule is seen failing somewhere.
. "$(dirname "$0")/../tap.sh"
run /usr/bin/python3 -B "$(dirname "$0")/rules-table.py" --check
is 'the table of rules is up to date' "$status$err: $out" '0: '
tap_end
