#!/bin/sh
# What plan prints, and that it writes nothing.
. tests/tap.sh
export SOURCE_DATE_EPOCH=1700000000
(
        make_root_tools=tests/tools
        . tests/tools/make-root.sh
        root=$tap_tmp/root
        root_debian
        printf '# disks\r\nUUID=%s\t/  ext4 defaults 0 1\r\n\t/dev/xvdf   /data\txfs defaults,nofail 0 2 \r\n/dev/xvdg /more ext4 defaults 0 2' \
                11111111-1111-1111-1111-111111111111 | put etc/fstab
)
root=$tap_tmp/root
cat >"$tap_tmp/blkid" <<'END'
/dev/xvda1: UUID="11111111-1111-1111-1111-111111111111" TYPE="ext4"
/dev/xvdf: UUID="22222222-2222-2222-2222-222222222222" TYPE="xfs"
END

state()
{
        (cd "$root" && find . -exec stat -c '%n %F %a %s %Y %Z %N' {} + | sort)
}
before=$(state)

cd "$tap_tmp" || exit 1
bin=$OLDPWD/$bin
run "$bin" plan --root root --blkid blkid
is 'the plan' "$status|$err
$(printf '%s\n' "$out" | tr '\t\r' '>^')" "1|
PLAN  root: 1 change, nothing is written yet
  Now     NOT READY     1 blocker, 1 warning, $(($(printf '%s\n' "$out" | sed -n 's/.*, \([0-9]*\) passes$/\1/p' | head -n 1))) passes
  Then    NOT READY     1 blocker, $(($(printf '%s\n' "$out" | sed -n 's/.*, \([0-9]*\) passes$/\1/p' | tail -n 1))) passes
  Clears  fstab-device-name  /data

EDIT  /etc/fstab
  For     fstab-device-name
--- /etc/fstab
+++ /etc/fstab
@@ -1,4 +1,4 @@
 # disks^
 UUID=11111111-1111-1111-1111-111111111111>/  ext4 defaults 0 1^
->/dev/xvdf   /data>xfs defaults,nofail 0 2 ^
+>UUID=22222222-2222-2222-2222-222222222222   /data>xfs defaults,nofail 0 2 ^
 /dev/xvdg /more ext4 defaults 0 2
\\ No newline at end of file

LEFT  BLOCKER  fstab-device-name  /more
  /dev/xvdg: which disk that is cannot be told for certain from here
  Do    Run \`blkid > FILE\` on the Xen instance with all its disks attached, and
        give that with --blkid FILE.

To do it: xen2nitro fix --root root --blkid blkid"
is 'nothing was written' "$(state)" "$before"
printf '%s\n' "$out" | sed -n '/^--- /,/^$/p' >diff
cp root/etc/fstab fstab
run patch --binary fstab diff
is 'patch takes the diff' "$status|$(sed 3d fstab | cmp - root/etc/fstab 2>&1 | grep -c differ)|$(sed -n 3p fstab | tr '\t\r' '>^')" \
        '0|1|>UUID=22222222-2222-2222-2222-222222222222   /data>xfs defaults,nofail 0 2 ^'

run "$bin" plan --root root
is 'without the names of its disks' "$status|$(printf '%s\n' "$out" | head -n 2)" \
        "1|PLAN  root: nothing that could be mended from here
  Now     NOT READY     1 blocker, 1 warning, $(($(printf '%s\n' "$out" | sed -n 's/.*, \([0-9]*\) passes$/\1/p'))) passes"
run "$bin" plan --root root --blkid blkid --only clocksource-xen
is '--only plans for one rule, and judges all' "$status|$(printf '%s\n' "$out" | head -n 1)" '1|PLAN  root: nothing to mend'
run "$bin" plan --root root --blkid blkid --quiet
is '--quiet' "$status|$out" '1|PLAN  root: 1 change, nothing is written yet'
run "$bin" plan --root root --blkid "$tap_tmp/bl kid"
is 'a saved output that is not there' "$status|$out|$err" "2||xen2nitro: $tap_tmp/bl kid: No such file or directory"

run "$bin" plan --root root --blkid blkid --format json
cp out json
is 'JSON' "$status|$(/usr/bin/python3 -c '
import hashlib, json
plan = json.load(open("json"))
op = plan["operations"][0]
fstab = open("root/etc/fstab", "rb").read()
after = fstab.replace(b"/dev/xvdf ", b"UUID=22222222-2222-2222-2222-222222222222 ")
print(plan["state"], plan["run"], plan["verdict"], op["kind"], op["path"], op["mode"], op["fixes"], op["rules"])
for side, content in ("before", fstab), ("after", after):
    print(op[side] == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
print(plan["clears"], plan["brings"], [l["subject"] for l in plan["left"]])')" "1|planned None {'before': 'not-ready', 'predicted': 'not-ready', 'after': None} write /etc/fstab 0644 ['fstab-device-name'] ['fstab-device-name']
True
True
[{'rule': 'fstab-device-name', 'subject': '/data', 'severity': 'warning', 'outcome': 'fail'}] [] ['/more']"
run "$bin" plan --root root --blkid blkid --format json --output plan.json
is 'the same bytes again, into a file' "$status|$out|$(cmp plan.json json)" '1||'

printf 'UUID=11111111-1111-1111-1111-111111111111 / ext4 defaults 0 1\n' >root/etc/fstab
run "$bin" plan --root root --blkid blkid
is 'nothing to mend' "$status|$(printf '%s\n' "$out" | head -n 1)|$(printf '%s\n' "$out" | grep -c fix)" '0|PLAN  root: nothing to mend|0'
tap_end
