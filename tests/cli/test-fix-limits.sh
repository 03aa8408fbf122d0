#!/bin/sh
# Each way a fix ends, by its exit code, and volumes that were made to do harm: what is written is
# what was planned, nothing is written beside the root, and it takes neither long nor much memory.
. tests/tap.sh
(
        make_root_tools=tests/tools
        . tests/tools/make-root.sh
        root=$tap_tmp/clean
        root_debian
        edit boot/grub/grub.cfg 's,root=UUID=[^ ]*,root=/dev/xvda1,'
)
(
        make_root_tools=tests/tools
        . tests/tools/make-root.sh
        root=$tap_tmp/large
        root_debian
        rm -r "$tree"
        image_tree "$tree" drivers/block/xen-blkfront
        truncate -s 64M "$tree/large"
        repack
        rm -r "$tree"
)
bin=$PWD/$bin stop_at=$PWD/$B/tests/crash/stop-at python=/usr/bin/python3
# The leak checker cannot work in a program that is traced.
export ASAN_OPTIONS=detect_leaks=0
cd "$tap_tmp" || exit 1
cat >blkid <<'END'
/dev/xvda1: UUID="11111111-1111-1111-1111-111111111111" TYPE="ext4"
/dev/xvdf: UUID="22222222-2222-2222-2222-222222222222" TYPE="xfs"
/dev/xvdg1: UUID="33333333-3333-3333-3333-333333333333" TYPE="ext4"
END
line='/dev/xvdf /data xfs defaults 0 2'
mended='UUID=22222222-2222-2222-2222-222222222222 /data xfs defaults 0 2'

use()
{
        rm -rf root outside
        cp -a clean root
        echo "$line" >root/etc/fstab
        mkdir outside
        echo "$line" >outside/fstab
}

fix()
{
        run "$bin" fix --root root --blkid blkid "$@"
}

# surroundings: everything beside the root, by name, kind, size, times and content
surroundings()
{
        find . -path ./root -prune -o ! -name out ! -name err ! -name . -exec stat -c '%n %F %a %s %Y %Z' {} + | sort
        cat outside/fstab
}

# result: the exit code, the words that begin a paragraph, fstab
result()
{
        echo "$status|$(printf '%s\n' "$out" | grep -oE '^(DONE|UNDONE|STUCK)' | tr '\n' ' ')|$(head -n 1 root/etc/fstab)"
}

# ---- how it ends ---------------------------------------------------------------------------------

use
fix --yes
is 'exit 0: ready' "$(result)" "0|DONE |$mended"
use
echo '/dev/xvdz /more ext4 defaults 0 2' >>root/etc/fstab
fix --yes
is 'exit 1: something is left that keeps it from starting' "$(result)" "1|DONE |$mended"
use
: >root/boot/vmlinuz-6.1.0-18-amd64
fix --yes
is 'exit 3: something is left that nobody can tell' "$(result)" "3|DONE |$mended"
use
for n in 40 60 80; do
        run "$stop_at" fail:EIO $n "$bin" fix --root root --blkid blkid --yes
        [ "$status" != 4 ] || break
done
is 'exit 4: it failed, and all is as it was' "$(result)" "4|UNDONE |$line"
use
n=30
while [ $n -lt 120 ]; do
        n=$((n + 3))
        run "$stop_at" broken:EIO $n "$bin" fix --root root --blkid blkid --yes
        [ "$status" != 5 ] || break
        use
done
is 'exit 5: it failed, and undoing it, too' "$status" 5
run "$bin" history --root root
is 'history says that it is unfinished' "$(printf '%s\n' "$out" | grep -cE 'applying|stuck')" 1
fix --yes
is 'no other fix begins before rollback' "$status|$(printf '%s\n' "$out" | grep -c '^UNDONE')|$(printf '%s\n' "$out" | grep -c 'xen2nitro rollback')" '4|1|1'
run "$bin" rollback --root root
is 'and rollback makes all of it old' "$status|$(head -n 1 root/etc/fstab)|$(diff -rq --no-dereference root clean | grep -vE 'fstab|Only in root/var: lib|Only in root: var')" "0|$line|"
use
for n in 45 35 25; do
        run "$stop_at" signal $n "$bin" fix --root root --blkid blkid --yes
        [ "$status" = 0 ] || break
        use
done
is 'SIGINT: undone' "$(result)" "4|UNDONE |$line"

use
mkdir -p root/var/lib/xen2nitro
chmod 700 root/var/lib/xen2nitro
exec 7>root/var/lib/xen2nitro/lock
flock 7
fix --yes
is 'two at once: the second is refused' "$(result)|$(printf '%s\n' "$out" | grep -c 'another xen2nitro')" "4|UNDONE |$line|1"
exec 7>&-

# ---- what cannot be written ----------------------------------------------------------------------

use
if chattr +i root/etc/fstab 2>/dev/null; then
        run "$bin" plan --root root --blkid blkid
        is 'an immutable file: the plan says so' "$status|$(printf '%s\n' "$out" | grep -A 1 STOPS)" \
                '0|  STOPS   /etc/fstab: immutable (`chattr -i` allows changes)'
        fix --yes
        is 'an immutable file: nothing is written' "$(result)" "4|UNDONE |$line"
        chattr -i root/etc/fstab
else
        skip 'an immutable file' 'flags cannot be set here'
fi
use
if mount -t tmpfs -o size=64k tmpfs root/boot/grub 2>/dev/null; then
        cp clean/boot/grub/grub.cfg root/boot/grub/
        head -c 50000 /dev/zero >root/boot/grub/filler
        run "$bin" plan --root root --blkid blkid --format json
        is 'no room: the plan says so' "$($python -c 'import json; print(json.load(open("out"))["obstacle"])' | sed 's/[0-9]* KiB/N KiB/g')" \
                '/boot/grub/grub.cfg: its file system has N KiB free, N KiB are needed'
        fix --yes
        is 'no room: nothing is written' "$(result)" "4|UNDONE |$line"
        mount -o remount,ro root/boot/grub
        run "$bin" plan --root root --blkid blkid
        is 'read-only: the plan says so' "$(printf '%s\n' "$out" | grep -A 1 STOPS)" \
                '  STOPS   /boot/grub/grub.cfg: its file system is mounted read-only'
        fix --yes
        is 'read-only: nothing is written' "$(result)" "4|UNDONE |$line"
        umount root/boot/grub
else
        skip 'no room, read-only' 'nothing can be mounted here'
fi

use
echo 'UUID=33333333-3333-3333-3333-333333333333 /boot ext4 defaults 0 2' >>root/etc/fstab
rm -r root/boot
mkdir root/boot
fix --yes
is '/boot of its own that is not mounted: nothing is put there, and it says what to do' \
        "$(result)|$(ls root/boot)|$(printf '%s\n' "$out" | tr -s ' \n' ' ' | grep -c 'mount it at root/boot')" "3|DONE |$mended||1"

# ---- asking --------------------------------------------------------------------------------------

# answer TEXT COMMAND [OPTION...]: on a terminal; when it asks COMMAND is run, then TEXT typed
answer()
{
        $python - "$bin" "$@" >out 2>err <<'END'
import os, pty, subprocess, sys
pid, fd = pty.fork()
if pid == 0:
        os.execv(sys.argv[1], ["xen2nitro", "fix", "--root", "root", "--blkid", "blkid", "--quiet", "--no-color"] + sys.argv[4:])
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
                subprocess.run(["sh", "-c", sys.argv[3]], check=True)
                os.write(fd, sys.argv[2].encode().decode("unicode_escape").encode())
status = os.waitpid(pid, 0)[1]
print(seen.decode().replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(status))
END
        status=$?
        out=$(cat out)
}

for no in 'n' 'no way' '\x04' 'Yes?\x03'; do
        use
        answer "$no\n" true
        is "the answer \"$no\"" "$(test "$status" != 0 || echo 0)|$(head -n 1 root/etc/fstab)|$(ls root/var 2>&1 | grep -c 'No such')" "|$line|1"
done
use
answer 'y\n' true
is 'the answer y' "$status|$(head -n 1 root/etc/fstab)" "0|$mended"
use
answer 'y\n' 'echo "# mine" >>root/etc/fstab'
is 'a file changed while it asked' "$(result)|$(tail -n 1 root/etc/fstab)|$(printf '%s\n' "$out" | grep -c 'changed since the plan was made')" "4|UNDONE |$line|# mine|1"
use
answer 'y\n' 'mv root/etc root/gone; ln -s ../outside root/etc'
is 'a directory that became a link while it asked' "$status|$(cat outside/fstab)|$(cat root/gone/fstab)" "4|$line|$line"
use
echo 'blacklist nvme' >root/etc/modprobe.d.conf
mkdir -p root/etc/modprobe.d
mv root/etc/modprobe.d.conf root/etc/modprobe.d/nvme.conf
fix --yes --only nvme-blacklisted
is '--only, and a fix that wants to be asked for by name' "$(result)" "1||$line"
fix --yes --only fstab-device-name
is '--only one rule' "$(result)|$(grep -c 'root=/dev/xvda1' root/boot/grub/grub.cfg)" "1|DONE |$mended|3"
fix --yes --confirm no-such-fix
is '--confirm of what is no fix' "$status|$out" '2|'
fix --yes --only no-such-rule
is '--only of what is no rule' "$status|$out" '2|'

# ---- volumes made to do harm ---------------------------------------------------------------------

# harm NAME: what is outside stays as it is, and the program neither hangs nor dies
harm()
{
        before=$(surroundings)
        fix --yes
        # After what cannot be undone a volume is thrown away.
        is "$1" "$(surroundings)" "$before"
        case $status in
        0 | 1 | 3 | 4) is "$1: it ends as it should" '' '' ;;
        *) is "$1: it ends as it should" "$status $err" '0, 1, 3 or 4' ;;
        esac
}

use
mv root/etc root/etc.real
ln -s "$tap_tmp/outside" root/etc
harm '/etc is a link to the outside'
use
rm root/etc/fstab
ln -s ../../outside/fstab root/etc/fstab
harm 'fstab is a link to the outside'
use
rm root/etc/fstab
ln "outside/fstab" root/etc/fstab
harm 'fstab is a file of the outside by another name'
use
mkdir -p root/var
ln -s "$tap_tmp/outside" root/var/lib
harm 'the state directory is a link to the outside'
is 'and nothing was put there' "$(ls outside)" fstab
use
mkdir -p root/var/lib
ln -s "$tap_tmp/outside" root/var/lib/xen2nitro
harm 'the state itself is a link to the outside'
use
rm root/boot/grub/grub.cfg
mkfifo root/boot/grub/grub.cfg
harm 'grub.cfg is a FIFO'
use
mkdir root/etc/default
ln -s /dev/zero root/etc/default/grub
harm '/etc/default/grub is a device'

# measured NAME SECONDS KIB: the last fix by time(1), in CPU time and memory
measured()
{
        before=$(surroundings)
        run env SECONDS_MAX="$2" KIB_MAX="$3" $python -c '
import os, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=open("out.txt", "w"), stdin=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if used.ru_utime + used.ru_stime > float(os.environ["SECONDS_MAX"]) * (20 if "asan" in sys.argv[1] else 1):
        print("too long:", used.ru_utime + used.ru_stime)
if used.ru_maxrss > int(os.environ["KIB_MAX"]) and "asan" not in sys.argv[1]:
        print("too much memory:", used.ru_maxrss)
sys.exit(code)' "$bin" fix --root root --blkid blkid --yes
        rm -f out.txt
        is "$1: time and memory" "$out$err" ''
        is "$1: nothing beside it" "$(surroundings)" "$before"
}

use
seq 100000 | sed 's,.*,/dev/xvdf /data/& xfs defaults 0 2,' >root/etc/fstab
before_fstab=$(cksum <root/etc/fstab)
measured 'an fstab of 100,000 lines' 2 60000
is 'an fstab of 100,000 lines is left as it is' "$status|$(cksum <root/etc/fstab)" "3|$before_fstab"
use
seq 4000 | sed 's,.*,/dev/xvdf /data/& xfs defaults 0 2,' >root/etc/fstab
measured 'an fstab of 4,000 lines' 4 120000
is 'an fstab of 4,000 lines is mended' "$(grep -c '^UUID=2222' root/etc/fstab)" 4000
use
awk '/^menuentry / { n++ } n == 1 { entry = entry $0 "\n" } n == 1 && /^}/ { for (i = 0; i < 1000; i++) printf "%s", entry; n = 2; next } n != 1' \
        clean/boot/grub/grub.cfg >root/boot/grub/grub.cfg
measured 'a grub.cfg with 1,000 entries' 4 120000
is 'all of its entries are mended' "$(grep -c 'root=UUID=1111' root/boot/grub/grub.cfg)|$(grep -c 'root=/dev/xvda1' root/boot/grub/grub.cfg)" '1002|0'
use
mkdir -p root/etc/default/grub.d
i=0
while [ $i -lt 15 ]; do
        yes 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX root=/dev/xvda1"' | head -n 4000 >root/etc/default/grub.d/$i.cfg
        i=$((i + 1))
done
measured '60,000 assignments in /etc/default/grub.d' 6 200000
is 'all of them are mended' "$(cat root/etc/default/grub.d/*.cfg | grep -c 'root=UUID=1111')" 60000
rm -rf root
mv large root
measured 'an image of 64 MB without the driver' 4 40000
is 'an image of 64 MB is mended, and kept' "$status|$(stat -c %s root/var/lib/xen2nitro/runs/0001/backup/0 | cut -c1-2)" '0|67'
tap_end
