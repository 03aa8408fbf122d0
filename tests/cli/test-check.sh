#!/bin/sh
# What a check gives back: verdict, exit code, formats, files, the same bytes for the same input.
. tests/tap.sh
export SOURCE_DATE_EPOCH=1700000000
sample=packaging/sample-root
ready=$tap_tmp/ready
(
        make_root_tools=tests/tools
        . tests/tools/make-root.sh
        root=$ready
        root_debian
)

json()
{
        run "$bin" check --root "$@" --format json
}

# field EXPRESSION: of the report in $out
field()
{
        printf '%s' "$out" | /usr/bin/python3 -c "import json, sys; r = json.load(sys.stdin); print($1)"
}

json "$sample"
is 'sample: not ready' "$status|$err|$(field 'r["verdict"]')" '1||not-ready'
if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
        is 'sample: the report is what its schema says' "$(printf '%s' "$out" | /usr/bin/python3 -c '
import json, jsonschema, sys
schema = json.load(open("checker/report/report.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
for error in jsonschema.Draft7Validator(schema).iter_errors(json.load(sys.stdin)):
    print("/".join(map(str, error.path)), error.message)' 2>&1)" ''
else
        skip 'sample: the report is what its schema says' 'python3-jsonschema is not installed'
fi
is 'sample: counts are those of the findings' "$(field 'r["counts"] == dict(
        {k: sum(f["outcome"] == "fail" and f["severity"] == s for f in r["findings"])
         for k, s in (("blockers", "blocker"), ("warnings", "warning"), ("info", "info"))},
        **{o.replace("-", "_"): sum(f["outcome"] == o for f in r["findings"])
           for o in ("unknown", "waived", "pass", "not-applicable", "skipped")})')" True
is 'every rule is in the report' "$(field '" ".join(sorted({f["rule"] for f in r["findings"]}))')" \
        "$("$bin" rules | cut -d ' ' -f 1 | sort | tr '\n' ' ' | sed 's/ $//')"
first=$out
json "$sample"
is 'the same input gives the same bytes' "$out" "$first"
cp -a "$sample" "$tap_tmp/elsewhere"
json "$tap_tmp/elsewhere"
is 'wherever it is mounted' "$out" "$first"
run sh -c "cd / && exec '$PWD/$bin' check --root '$PWD/$sample' --format json"
is 'from any directory' "$out" "$first"

json "$ready"
is 'ready: exit 0' "$status|$(field 'r["verdict"]')" '0|ready'
json "$ready" --skip nvme-initramfs-missing
is 'a skipped blocker was not looked at: undetermined' "$status|$(field 'r["verdict"]')|$(field 'r["counts"]["skipped"]')" '3|undetermined|1'
json "$ready" --skip clocksource-xen,cpu-flags-lost
is 'a skipped warning does not matter' "$status|$(field 'r["verdict"]')" '0|ready'
json "$sample" --only fstab-device-name --only nvme-blacklisted
is '--only may repeat; the others are skipped' \
        "$(field 'sorted({f["rule"] for f in r["findings"] if f["outcome"] != "skipped"})')" "['fstab-device-name', 'nvme-blacklisted']"
mkdir "$tap_tmp/empty"
json "$tap_tmp/empty"
is 'an empty directory: undetermined' "$status|$(field 'r["verdict"]')" '3|undetermined'

echo 'echo xen > /sys/devices/system/clocksource/clocksource0/current_clocksource' >"$ready/etc/rc.local"
json "$ready"
is 'a warning leaves it ready' "$status|$(field 'r["verdict"]')|$(field 'r["counts"]["warnings"]')" '0|ready|1'
json "$ready" --strict
is '--strict does not' "$status|$(field 'r["verdict"]')" '1|not-ready'
rm "$ready/etc/rc.local"

json "$ready" --target m5.large
is '--target is in the report' "$(field 'r["target"]')" m5.large
is 'without --mode and --source' "$(field 'r["mode"], r["source"]')" 'resize None'
json "$ready" --mode clone --source m4.large
is '--mode and --source are in the report' "$(field 'r["mode"], r["source"]')" 'clone m4.large'
run "$bin" facts --root "$sample" --mode clone --source m4.large --target m5.large --output "$tap_tmp/moved.json"
run "$bin" check --facts "$tap_tmp/moved.json"
is 'and recorded with the facts' "$(printf '%s\n' "$out" | grep -e '->' -e '^  Move')" \
        "NOT READY  $tap_tmp/moved.json -> m5.large: do not move it to Nitro yet
  Move     clone of m4.large"
run "$bin" check --facts "$tap_tmp/moved.json" --mode resize --source c3.large --target c5.large
is 'which may be asked about another move' "$(printf '%s\n' "$out" | grep -e '->' -e '^  Move')" \
        "NOT READY  $tap_tmp/moved.json -> c5.large: do not move it to Nitro yet
  Move     resize of c3.large"
run "$bin" facts --root "$sample" --output "$tap_tmp/facts.json"
is 'facts into a file' "$status|$out|$err" '0||'
run "$bin" check --facts "$tap_tmp/facts.json" --format json
is 'facts decided elsewhere give the same report' "$status|$out" "1|$first"
run "$bin" check --facts "$tap_tmp/facts.json" --format json --target m5.large
is 'and may be asked for a target' "$(field 'r["target"]')" m5.large

run "$bin" check --root "$sample" --format json --output "$tap_tmp/report.json"
is 'a report into a file' "$status|$out|$(cat "$tap_tmp/report.json")" "1||$first"
is 'which nobody but its owner may write' "$(stat -c %a "$tap_tmp/report.json")" "$(printf '%o' $((0666 & ~$(umask))))"
run "$bin" check --root "$sample" --output "$tap_tmp/nowhere/report"
is 'a report that cannot be written is an error' "$status|$out|$err" \
        "3||xen2nitro: $tap_tmp/nowhere/report: cannot write: No such file or directory"
mkfifo "$tap_tmp/fifo"
run "$bin" check --root "$sample" --output "$tap_tmp/fifo"
is 'a FIFO is not replaced' "$status|$out|$err" "3||xen2nitro: $tap_tmp/fifo: not a regular file, nothing was written"

run "$bin" check --root "$sample" --quiet
is '--quiet: the verdict alone' "$out" "NOT READY  $sample: do not move it to Nitro yet"
run "$bin" check --root "$sample" -v
is 'text: 80 columns, but for words that are longer' \
        "$(printf '%s\n' "$out" | awk 'length($0) > 80 && NF > 2')" ''
is 'text: no colour but on a terminal' "$(printf '%s' "$out" | tr -dc '\033')" ''
tap_end
