#!/bin/sh
# Runs tests that speak TAP, several at once, and adds them up.
#   run.sh TEST...      a .sh file, a fuzz replay (fuzz-NAME runs over its corpus), or a program
# Prints what failed and what was skipped, with the reason (the comment printed last before it), and
# ends with one line of totals.
# JOBS=N runs so many at once. MUST_RUN=1 makes every skip a failure. Logs stay in $B/log.
set -u
B=${B:-build}
export B LC_ALL=C TZ=UTC CMOCKA_MESSAGE_OUTPUT=TAP
mkdir -p "$B/log"

printf '%s\n' "$@" | xargs -n 1 -P "${JOBS:-$(nproc)}" sh -c '
        name=$(basename "$0" .sh)
        case $0 in
        *.sh) sh "$0" ;;
        */fuzz-*) "$0" "tests/fuzz/corpus/${name#fuzz-}" ;;
        *) "$0" ;;
        esac >"$B/log/$name.tap" 2>&1 </dev/null
        echo "exit $?" >>"$B/log/$name.tap"'

# Only the logs of these tests: another run may be under way.
tests=$#
for test; do
        set -- "$@" "$B/log/$(basename "$test" .sh).tap"
done
shift $tests

# A plan that was not fulfilled, or an exit code without a failed test, is a failure of its own.
awk -v must="${MUST_RUN:-}" '
function finish() {
        if (name == "") return
        if (planned != "" && planned != seen) { print "not ok " name ": planned " planned " tests, saw " seen; failed++ }
        else if (planned == "") { print "not ok " name ": no plan (died early?)"; failed++ }
        else if (status != 0 && !here) { print "not ok " name ": exit " status; failed++ }
}
FNR == 1 { finish(); name = FILENAME; sub(/.*\//, "", name); sub(/\.tap$/, "", name); planned = ""; seen = 0; here = 0; status = 0 }
/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0; next }
/^exit [0-9]+$/ { status = $2; next }
/^(not )?ok [0-9]+ .*# *[Ss][Kk][Ii][Pp]/ { seen++; skipped++; sub(/.*# *[Ss][Kk][Ii][Pp] */, ""); print "skip   " name ": " $0 (said != "" ? ": " said : ""); said = ""; if (must != "") { failed++; here++ } next }
/^ok [0-9]+/ { seen++; passed++; said = ""; next }
/^not ok [0-9]+/ { seen++; said = ""; failed++; here++; print "not ok " name ": " $0; show = 12; next }
/^# not ok/ { next }
/^#/ { said = substr($0, 3); if (show > 0) { print "       " $0; show-- } next }
{ if (show > 0) { print "       " $0; show-- } }
END { finish(); printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }
' "$@"
