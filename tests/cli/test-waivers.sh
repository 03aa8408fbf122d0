#!/bin/sh
# Waivers: which file counts, what becomes of the verdict, what the report says.
. tests/tap.sh
export SOURCE_DATE_EPOCH=1795176000 # 2026-11-20

cp -r packaging/sample-root "$tap_tmp/root"
root=$tap_tmp/root
python=/usr/bin/python3
field() { printf '%s' "$out" | $python -c "import json, sys; r = json.load(sys.stdin); print($1)"; }

# waiver RULE EXPIRES [SUBJECT]
waiver() {
        printf '{"rule":"%s","reason":"we know","owner":"ops","expires":"%s"%s}' "$1" "$2" "${3:+,\"subject\":\"$3\"}"
}
# waivers FILE WAIVER...
waivers() {
        file=$1
        shift
        mkdir -p "${file%/*}"
        (IFS=,; printf '{"schema":"xen2nitro/waivers/1","waivers":[%s]}\n' "$*") >"$file"
}
blockers=$("$bin" check --root "$root" --format json | $python -c '
import json, sys
print(*sorted({f["rule"] for f in json.load(sys.stdin)["findings"] if f["outcome"] in ("fail", "unknown") and f["severity"] == "blocker"}))')
all() {
        for rule in $blockers; do printf '%s' "${comma:-}"; waiver "$rule" "$1"; comma=,; done
        comma=
}

run "$bin" check --root "$root" --format json
is 'without waivers' "$status|$(field 'r["verdict"], r["counts"]["waived"], r["waivers"]')" "1|not-ready 0 None"
before=$(field 'sum(r["counts"][k] for k in ("blockers", "warnings", "info", "unknown"))')

waivers "$tap_tmp/all.json" "$(all 2026-12-31)"
run "$bin" check --root "$root" --waivers "$tap_tmp/all.json" --format json
is 'all blockers are waived: ready, and nothing is lost' \
        "$status|$(field 'r["verdict"], sum(r["counts"][k] for k in ("blockers", "warnings", "info", "unknown", "waived"))')" "0|ready $before"
is 'who answers for it' "$(field '[f["waiver"] for f in r["findings"] if f["outcome"] == "waived"][0]')" \
        "{'outcome': 'fail', 'reason': 'we know', 'owner': 'ops', 'expires': '2026-12-31'}"
is 'and which file says so' "$(field 'r["waivers"]' | sed "s,$tap_tmp,TMP,")" \
        "{'file': 'TMP/all.json', 'problem': None, 'expired': [], 'unused': []}"
run "$bin" check --root "$root" --waivers "$tap_tmp/all.json" --quiet
is 'the verdict says that something is waived' "$out" "READY  $root: no blocker found; 4 are waived"

waivers "$tap_tmp/old.json" "$(all 2026-11-19)"
run "$bin" check --root "$root" --waivers "$tap_tmp/old.json" --format json
is 'expired waivers do not count, and are named' \
        "$status|$(field 'len(r["waivers"]["expired"]), r["counts"]["waived"]')" "1|$(echo $blockers | wc -w) 0"
run env SOURCE_DATE_EPOCH=1795089600 "$bin" check --root "$root" --waivers "$tap_tmp/old.json" --format json
is 'on the last day they do' "$status" 0

waivers "$tap_tmp/one.json" "$(waiver nvme-initramfs-missing 2026-12-31)" "$(waiver fstab-xenfs 2026-12-31 /nowhere)" \
        "$(waiver net-predictable-rename 2020-01-01)"
run "$bin" check --root "$root" --waivers "$tap_tmp/one.json"
is 'the report' "$(printf '%s\n' "$out" | sed -n -e '/^WAIVED/,/^$/p' -e '/^Waivers/,/^$/p' | grep -v -e '^    ' -e '^  See' -e '^        ' | sed "s,$tap_tmp,TMP,")" \
        "WAIVED  nvme-initramfs-missing
  the initramfs that starts next has no NVMe driver for kernel 6.1.0-18-amd64
  Then  On Nitro the root disk never appears: the machine stops in the initramfs
  Fix   \`echo nvme >> /etc/initramfs-tools/modules\`, then \`update-initramfs -u
  But   blocker waived by ops until 2026-12-31: we know

Waivers of TMP/one.json
  - counts: nvme-initramfs-missing (ops, until 2026-12-31: we know)
  - there is no such finding: fstab-xenfs /nowhere (ops, until 2026-12-31: we
  - expired, does not count: net-predictable-rename (ops, until 2020-01-01: we"

# ---- which file ----------------------------------------------------------------------------------

waivers "$root/etc/xen2nitro/waivers.json" "$(all 2026-12-31)"
run "$bin" check --root "$root"
is "a volume's own do not count" "$status|$(printf '%s\n' "$out" | sed -n '/^Waivers/,/^$/p')" "1|Waivers of /etc/xen2nitro/waivers.json
  - none counts: it lies on the volume, which could so call itself ready;
                 --waivers with its path lets it count"
run "$bin" check --root "$root" --waivers "$root/etc/xen2nitro/waivers.json" --format json
is 'but when they are named' "$status|$(field 'r["verdict"]')" '0|ready'
run "$bin" facts --root "$root" --output "$tap_tmp/facts.json"
run "$bin" check --facts "$tap_tmp/facts.json" --format json
is 'and are not those of recorded facts' "$status|$(field 'r["waivers"]')" '1|None'
run "$bin" check --facts "$tap_tmp/facts.json" --format json --waivers "$tap_tmp/all.json"
is 'for which some may be named' "$status" 0
run "$bin" plan --root "$root" --waivers "$tap_tmp/all.json" --format json
is 'what is waived is nothing to mend' "$(field 'r["verdict"]["before"], [n for o in r["operations"] for n in o["rules"] if n in "'"$blockers"'".split()]')" "ready []"

# ---- refused -------------------------------------------------------------------------------------

refused() {
        run "$bin" check --root packaging/sample-root --waivers "$tap_tmp/bad.json"
        is "$1" "$status|$out|$err" "2||xen2nitro: waivers: $tap_tmp/bad.json: $2"
}
waivers "$tap_tmp/bad.json" "$(waiver nvme-initramfs-mising 2026-12-31)"
refused 'a misspelt rule' 'waivers/0/rule: no rule "nvme-initramfs-mising", did you mean "nvme-initramfs-missing"?'
waivers "$tap_tmp/bad.json" "$(waiver fstab-xenfs tomorrow)"
refused 'a date that is none' 'waivers/0/expires: "tomorrow" is no date, as 2026-12-31'
printf '{' >"$tap_tmp/bad.json"
refused 'no JSON' 'line 1: the JSON text ends too early'
run "$bin" check --root packaging/sample-root --waivers /nonexistent
is 'a file that is not there' "$status|$err" '2|xen2nitro: --waivers: /nonexistent: No such file or directory'

# live COMMAND...: on a machine whose /etc has that directory, too.
mkdir -p "$tap_tmp/etc/xen2nitro"
live() {
        run unshare --mount --map-root-user sh -c 'mount -t overlay -o "lowerdir=$0:/etc" overlay /etc && exec "$@"' "$tap_tmp/etc" "$@"
}
if unshare --mount --map-root-user mount -t overlay -o "lowerdir=$tap_tmp/etc:/etc" overlay /etc 2>/dev/null; then
        waivers "$tap_tmp/etc/xen2nitro/waivers.json" "$(waiver fstab-xenfs 2026-12-31)"
        live "$bin" check --format json
        is "the machine's own count where it is looked at" "$(field 'r["waivers"]["file"], r["waivers"]["problem"]')" "/etc/xen2nitro/waivers.json None"
        live "$bin" check --root packaging/sample-root --format json
        is 'and not where a volume is' "$(field 'r["waivers"]')" None
        printf '[]\n' >"$tap_tmp/etc/xen2nitro/waivers.json"
        live "$bin" check
        is "the machine's own with a mistake" "$status|$err" '2|xen2nitro: waivers: /etc/xen2nitro/waivers.json: not an object'
        rm "$tap_tmp/etc/xen2nitro/waivers.json"
        mkfifo "$tap_tmp/etc/xen2nitro/waivers.json"
        live "$bin" check
        is 'that cannot be read: none counts' "$(printf '%s\n' "$out" | sed -n '/^Waivers/,/^$/p')" 'Waivers of /etc/xen2nitro/waivers.json
  - none counts: /etc/xen2nitro/waivers.json: a FIFO, not a file; not read'
else
        skip 'waivers of the machine' 'may not mount an overlay in a user namespace'
fi

if $python -c 'import jsonschema' 2>/dev/null; then
        is 'the schema of the file' "$($python -c '
import json, jsonschema, sys
schema = json.load(open("checker/waivers.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(json.load(open(sys.argv[1])), schema)' "$tap_tmp/one.json" 2>&1)" ''
else
        skip 'the schema of the file' 'python3-jsonschema is not installed'
fi
tap_end
