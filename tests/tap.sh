# TAP for shell tests. Source it, call is/run/skip, end with tap_end.
tap_n=0
tap_tmp=$(mktemp -d "${TMPDIR:-/tmp}/x2n-sh-XXXXXX") || exit 1
trap 'rm -rf "$tap_tmp"' EXIT
trap 'exit 130' INT TERM
B=${B:-build}
bin=$B/xen2nitro

# run COMMAND...: its exit code in $status, its output in $out and $err
run() {
        "$@" >"$tap_tmp/out" 2>"$tap_tmp/err" </dev/null
        status=$?
        out=$(cat "$tap_tmp/out")
        err=$(cat "$tap_tmp/err")
}

# is NAME ACTUAL EXPECTED: the whole text, not a part of it
is() {
        tap_n=$((tap_n + 1))
        if [ "$2" = "$3" ]; then
                echo "ok $tap_n - $1"
                return 0
        fi
        echo "not ok $tap_n - $1"
        printf '%s\n' "$2" | sed 's/^/# got:      /'
        printf '%s\n' "$3" | sed 's/^/# expected: /'
}

# skip NAME REASON
skip() {
        tap_n=$((tap_n + 1))
        echo "ok $tap_n - $1 # SKIP $2"
}

tap_end() {
        echo "1..$tap_n"
}
