#!/bin/sh
# Runs the cases, one machine more at a time than there are processors, for there is always one that
# waits; prints what was booted as a table, then the totals.
#   BOOT=quick   a representative part
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
rm -f "$B"/boot/*.table
report=$(JOBS=$(($(nproc) + 1)) sh tests/run.sh tests/boot/test-*.sh)
status=$?
if cat "$B"/boot/*.table 2>/dev/null | grep -q .; then
        printf '| disk | mutation | truth | verdict | after fix | after rollback | time |\n'
        printf '|---|---|---|---|---|---|---:|\n'
        cat "$B"/boot/*.table
        echo
fi
printf '%s\n' "$report"
exit $status
