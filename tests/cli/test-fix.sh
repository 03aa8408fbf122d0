#!/bin/sh
# fix: what it writes, when it asks, and what it refuses.
. tests/tap.sh
(
        make_root_tools=tests/tools
        . tests/tools/make-root.sh
        root=$tap_tmp/clean
        root_debian
)
bin=$PWD/$bin
cd "$tap_tmp" || exit 1
cat >blkid <<'END'
/dev/xvda1: UUID="11111111-1111-1111-1111-111111111111" TYPE="ext4"
/dev/xvdf: UUID="22222222-2222-2222-2222-222222222222" TYPE="xfs"
END
line='/dev/xvdf /data xfs defaults 0 2'
mended='UUID=22222222-2222-2222-2222-222222222222 /data xfs defaults 0 2'

# use: a fresh root whose fstab has the line
use()
{
        rm -rf root
        cp -a clean root
        echo "$line" >root/etc/fstab
}

fix()
{
        run "$bin" fix --root root --blkid blkid "$@"
}

use
chmod 640 root/etc/fstab
fix --yes
is 'with --yes: the plan, then what came of it' "$status|$err|$(printf '%s\n' "$out" | grep -E '^(PLAN|EDIT|DONE|  Run|  Undo)')" \
        "0||PLAN  root: 1 change, nothing is written yet
EDIT  /etc/fstab
DONE  root: everything is written, and was looked at again
  Run     0001
  Undo    xen2nitro rollback --root root 0001"
is 'the line is mended, the mode kept' "$(cat root/etc/fstab)|$(stat -c %a root/etc/fstab)" "$mended|640"
fix --yes
is 'again: nothing to mend' "$status|$(printf '%s\n' "$out" | head -n 1)" '0|PLAN  root: nothing to mend'
run "$bin" rollback --root root 0001
is 'rollback' "$status|$(cat root/etc/fstab)|$(stat -c %a root/etc/fstab)" "0|$line|640"

use
fix --dry-run
is '--dry-run writes nothing, and gives the predicted verdict' \
        "$status|$(printf '%s\n' "$out" | head -n 1)|$(cat root/etc/fstab)|$(ls root/var/lib/xen2nitro 2>&1 | grep -c 'No such')" \
        "0|PLAN  root: 1 change, nothing is written yet|$line|1"
fix
is 'no terminal and no --yes: nothing is written' "$status|$out|$(cat root/etc/fstab)" "2||$line"
fix --yes --only nvme-initramfs-missing
is '--only another rule: nothing is written' "$status|$(cat root/etc/fstab)" "1|$line"

# answer TEXT: on a terminal of its own; its last line of output goes to $out
answer()
{
        run /usr/bin/python3 - "$bin" "$1" <<'END'
import os, pty, re, sys
pid, fd = pty.fork()
if pid == 0:
        os.environ["NO_COLOR"] = "1"
        os.execv(sys.argv[1], ["xen2nitro", "fix", "--root", "root", "--blkid", "blkid", "--quiet"])
seen = b""
while True:
        try:
                chunk = os.read(fd, 4096)
        except OSError:
                break
        if not chunk:
                break
        seen += chunk
        if seen.endswith(b"[y/N] "):
                os.write(fd, sys.argv[2].encode())
status = os.waitpid(pid, 0)[1]
print(re.sub(r"\s+", " ", seen.decode()))
sys.exit(os.waitstatus_to_exitcode(status))
END
}
# run closes stdin, which the script above needs.
run()
{
        if [ "$1" = /usr/bin/python3 ]; then "$@" >"$tap_tmp/out" 2>"$tap_tmp/err"; else "$@" >"$tap_tmp/out" 2>"$tap_tmp/err" </dev/null; fi
        status=$?
        out=$(cat "$tap_tmp/out")
        err=$(cat "$tap_tmp/err")
}
answer '
'
is 'on a terminal it asks, and nothing is no' "$status|$out|$(cat root/etc/fstab)" \
        "1|PLAN root: 1 change, nothing is written yet Do it? [y/N] xen2nitro: nothing was written |$line"
answer 'y
'
is 'yes' "$status|$out|$(cat root/etc/fstab)" \
        "0|PLAN root: 1 change, nothing is written yet Do it? [y/N] y DONE root: everything is written, and was looked at again |$mended"

use
mkdir -p root/srv/d
mv root/etc/fstab root/srv/d/fstab
ln -s /srv/d/fstab root/etc/fstab
fix --yes
is 'behind a link: the file is written, the link stays' \
        "$status|$(readlink root/etc/fstab)|$(cat root/srv/d/fstab)|$(printf '%s\n' "$out" | grep ^EDIT)" \
        "0|/srv/d/fstab|$mended|EDIT  /srv/d/fstab"

use
ln root/etc/fstab root/etc/fstab.old
fix --yes
is 'a file with a second name is left' "$status|$(cat root/etc/fstab)|$(printf '%s\n' "$out" | grep -A 2 ^LEFT)" "1|$line|LEFT  BLOCKER  fstab-device-name  /data
  /etc/fstab: it has a second name (a hard link), which would keep the old
  bytes; not edited"

use
rm -rf root/var
echo file >root/var
fix --yes
is 'what cannot be kept for rollback is not changed: exit 4' "$status|$(cat root/etc/fstab)|$(printf '%s\n' "$out" | grep -E '^(DONE|UNDONE)')" \
        "4|$line|UNDONE  root: it failed, and everything is as it was"

use
seq 100000 | sed 's,.*,/dev/xvdf /data/& xfs defaults 0 2,' | head -c 1000000 >root/etc/fstab
before=$(cksum <root/etc/fstab)
fix --yes
is 'an fstab of too many lines is left' "$status|$(cksum <root/etc/fstab)" "3|$before"
seq 4000 | sed 's,.*,/dev/xvdf /data/& xfs defaults 0 2,' >root/etc/fstab
fix --yes
is 'one of 4000 is mended, though no rule looks at all of them' "$status|$(grep -c '^UUID=2222' root/etc/fstab)" '3|4000'
is 'nothing beside the root was touched' "$(ls -A | grep -vxE 'out|err|image' | tr '\n' ' ')" 'blkid clean root '
tap_end
