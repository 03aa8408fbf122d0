#!/bin/sh
# What rollback and history print, their exit codes, and their schema.
. tests/tap.sh
export SOURCE_DATE_EPOCH=1700000000
apply=$B/tests/crash/txn-apply
python=/usr/bin/python3

cat >"$tap_tmp/validate.py" <<'PYTHON'
import json, sys
import jsonschema

jsonschema.Draft7Validator.check_schema(json.load(open("fixes/history.schema.json")))
jsonschema.validate(json.load(sys.stdin), json.load(open("fixes/history.schema.json")))
PYTHON

# fits NAME: what is in $out fits the schema
fits() {
        if ! $python -c 'import jsonschema' 2>/dev/null; then
                skip "$1" "python3-jsonschema is not installed"
                return
        fi
        is "$1" "$(printf '%s\n' "$out" | $python "$tap_tmp/validate.py" 2>&1)" ''
}

# fresh: a volume with two files
fresh() {
        chmod -R u+rwX "$root" 2>/dev/null
        rm -rf "$root"
        mkdir -p "$root/etc" "$root/boot"
        echo old >"$root/etc/fstab"
        echo image >"$root/boot/initrd"
}
root=$tap_tmp/root
fresh

run "$bin" history --root "$root"
is 'history of nothing' "$status|$out|$err" '0|Nothing was ever fixed here.|'
run "$bin" history --root "$root" --format json
is 'history of nothing, JSON' "$status|$out|$err" "0|{
  \"schema\":\"xen2nitro/history/1\",
  \"volume\":\"$root\",
  \"runs\":[
  ]
}|"
run "$bin" rollback --root "$root"
is 'rollback of nothing' "$status|$out|$err" '0|Nothing to do: there is no run that is not undone.|'
run "$bin" rollback --root "$root" --format json
is 'rollback of nothing, JSON' "$status|$out|$err" "0|{
  \"schema\":\"xen2nitro/rollback/1\",
  \"volume\":\"$root\",
  \"outcome\":\"nothing-to-do\",
  \"error\":null,
  \"run\":null
}|"
fits 'it fits the schema'
is 'and neither wrote anything' "$(ls "$root")" 'boot
etc'

"$apply" "$root" write /etc/fstab new append /boot/initrd more write /etc/x.d/y text >"$tap_tmp/applied"
is 'a run' "$(cat "$tap_tmp/applied" "$root/etc/fstab")" 'committed 
new'
run "$bin" history --root "$root"
is 'history' "$status|$out|$err" '0|0001  2023-11-14T22:13:20Z  committed
  change  /etc/fstab
  append  /boot/initrd
  make    /etc/x.d/y|'
run "$bin" history --root "$root" --format json
fits 'history fits the schema'
run "$bin" rollback --root "$root" 0002
is 'no such run' "$status|$out|$err" '2||xen2nitro: rollback: there is no run "0002"; `xen2nitro history` lists them'
run "$bin" rollback --root "$root" 0001 0001
is 'two runs' "$status|$out|$err" '2||xen2nitro: rollback: one run at a time'
run "$bin" rollback --root "$root" --format yaml
is 'rollback, no such format' "$status|$err" '2|xen2nitro: rollback: --format: "yaml" is not text or json'
run "$bin" history --root "$root" --format yaml
is 'history, no such format' "$status|$err" '2|xen2nitro: history: --format: "yaml" is not text or json'

# Somebody changed a file since: nothing is undone.
echo mine >"$root/etc/fstab"
run "$bin" rollback --root "$root"
why="run 0001: nothing was undone: /etc/fstab: somebody else has changed it since; what was there before is kept in /var/lib/xen2nitro/runs/0001/backup/0: copy that over it, then roll back again"
is 'changed since' "$status|$out|$err" "5||xen2nitro: rollback: $why"
is 'and nothing was changed' "$(cat "$root/etc/fstab" "$root/boot/initrd")" 'mine
image
more'
run "$bin" rollback --root "$root" --format json
is 'changed since, JSON' "$status|$err|$(printf '%s\n' "$out" | sed -n 's/^  "\(outcome\|error\)"://p')" "5||\"stuck\",
\"$why\","
fits 'it fits the schema'

# A lock that somebody holds.
exec 7>"$root/var/lib/xen2nitro/lock"
flock 7
run "$bin" rollback --root "$root"
is 'another one is at work' "$status|$out|$err" '4||xen2nitro: rollback: /var/lib/xen2nitro/lock: another xen2nitro, or a tool that it started, is at work on this volume'
run "$bin" history --root "$root"
is 'history needs no lock' "$status" 0
exec 7>&-

cp "$root/var/lib/xen2nitro/runs/0001/backup/0" "$root/etc/fstab"
run "$bin" rollback --root "$root"
is 'undone' "$status|$out|$err" '0|Run 0001 is undone.
  as it was    /etc/fstab
  as it was    /boot/initrd
  not there    /etc/x.d/y|'
is 'and all is as it was' "$(cat "$root/etc/fstab" "$root/boot/initrd"; ls "$root/etc")" 'old
image
fstab'
run "$bin" rollback --root "$root"
is 'twice is once' "$status|$out|$err" '0|Nothing to do: there is no run that is not undone.|'
run "$bin" rollback --root "$root" 0001
is 'twice by name' "$status|$out|$err" '0|Nothing to do: run 0001 is undone already.|'
run "$bin" rollback --root "$root" 0001 --format json
is 'twice by name, JSON' "$status|$(printf '%s\n' "$out" | sed -n 's/^  "outcome"://p')" '0|"nothing-to-do",'
fits 'it fits the schema'

# A tool that failed.
run "$apply" "$root" write /etc/fstab new run /boot/initrd "echo half >$root/boot/initrd; echo no room; exit 1"
is 'a failed run' "$status|$out" '4|rolled-back /bin/sh: exit 1: no room; all that was done is undone'
run "$bin" history --root "$root"
is 'history of a failure' "$status|$(printf '%s\n' "$out" | sed -n "s,$root,ROOT,; /^0002/,\$p")" '0|0002  2023-11-14T22:13:20Z  rolled-back
  /bin/sh: exit 1: no room
  change  /etc/fstab
  run     /bin/sh -c echo half >ROOT/boot/initrd; echo no room; exit 1  begun only'
run "$bin" history --root "$root" --format json
fits 'history of a failure fits the schema'

# A journal that makes no sense.
sed -i '2s/fstab/fstap/' "$root/var/lib/xen2nitro/runs/0002/journal"
run "$bin" history --root "$root"
is 'an unreadable journal' "$status|$(printf '%s\n' "$out" | sed -n '/^0002/,$p')" '3|0002  -  unreadable
  the journal is damaged in line 2'
run "$bin" history --root "$root" --format json
fits 'an unreadable journal fits the schema'
run "$bin" rollback --root "$root"
is 'rollback past an unreadable journal' "$status|$out|$err" \
        '5||xen2nitro: rollback: /var/lib/xen2nitro/runs/0002: the journal is damaged in line 2'
run "$apply" "$root" write /etc/fstab new
is 'no fix past it either' "$status|$out" '1|new /var/lib/xen2nitro/runs/0002: the journal is damaged in line 2; nothing was changed'
tap_end
