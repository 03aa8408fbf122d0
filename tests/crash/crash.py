#!/usr/bin/python3
"""Stops a fix and its rollback at system calls that write, one after the other, by SIGKILL, by errors
and by SIGINT, and looks at the volume afterwards: it must be all old or all new, and all old after
rollback, with nothing lost and nothing left lying about. Speaks TAP.

Without ALL=1 only some of the points are tried, always the same ones."""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

B = os.environ.get("B", "build")
ALL = os.environ.get("ALL", "") not in ("", "0")
STRIDE = 1 if ALL else 11
XEN2NITRO, APPLY, STOP_AT = (os.path.abspath(os.path.join(B, p)) for p in
                             ("xen2nitro", "tests/crash/txn-apply", "tests/crash/stop-at"))
STATE = "var/lib/xen2nitro"
# The leak checker cannot work in a program that is traced.
ENV = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", LC_ALL="C")
ENV.pop("STOP_AT_LOG", None)

top = tempfile.mkdtemp(prefix="x2n-crash-")

OLD = {
    "etc/fstab": b"/dev/xvda1 / ext4 defaults 0 1\n",
    "etc/default/grub": b'GRUB_CMDLINE_LINUX=""\n',
    "boot/initrd-a": b"0123456789abcdef" * 40000,
    "boot/initrd-b": b"an old image\n",
}
SEGMENT = "a segment with nvme"
NEW = dict(OLD, **{
    "etc/fstab": b"UUID=1 / ext4 defaults 0 1\n",
    "boot/initrd-a": OLD["boot/initrd-a"] + SEGMENT.encode(),
    "boot/initrd-b": b"a new image\n",
    "boot/initrd-c": b"another\n",
    "etc/modprobe.d/deep/nvme.conf": b"options nvme_core io_timeout=4294967295\n",
    "etc/default/grub": b'GRUB_CMDLINE_LINUX="net.ifnames=0"\n',
})


def make_root():
    root = tempfile.mkdtemp(dir=top)
    os.makedirs(os.path.join(root, "var/lib"))
    for name, content in OLD.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
        os.chmod(path, 0o640)
        try:
            os.setxattr(path, "user.note", b"kept")
        except OSError:
            pass
        os.utime(path, ns=(1000000007, 1500000000000000009))
    return root


def operations(root):
    script = ("cd %s/boot && echo 'a new im' >initrd-b.tmp && echo half >initrd-c && "
              "echo 'a new image' >initrd-b.tmp && mv initrd-b.tmp initrd-b && echo another >initrd-c" % root)
    new = {name: content.decode() for name, content in NEW.items()}
    return ["write", "/etc/fstab", new["etc/fstab"],
            "write", "/etc/modprobe.d/deep/nvme.conf", new["etc/modprobe.d/deep/nvme.conf"],
            "append", "/boot/initrd-a", SEGMENT,
            "run", "/boot/initrd-b,/boot/initrd-c,/boot/initrd-b.tmp", script,
            "write", "/etc/default/grub", new["etc/default/grub"]]


def snapshot(root, exact):
    """Everything but the state directory; `exact`: with times and attributes."""
    seen = {}
    for directory, dirs, files in os.walk(root):
        dirs[:] = [d for d in dirs if os.path.relpath(os.path.join(directory, d), root) != STATE]
        seen[os.path.relpath(directory, root) + "/"] = None
        for name in files:
            path = os.path.join(directory, name)
            st = os.lstat(path)
            with open(path, "rb") as f:
                content = hashlib.sha256(f.read()).hexdigest()
            seen[os.path.relpath(path, root)] = content if not exact else (
                content, stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid, st.st_mtime_ns,
                {x: os.getxattr(path, x) for x in os.listxattr(path)})
    return seen


def run(*command, env=ENV):
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120)


def stop_at(mode, n, *command):
    result = run(STOP_AT, mode, str(n), *command)
    lines = result.stderr.strip().splitlines()
    return result.returncode, int(lines[-1]) if lines and lines[-1].isdigit() else -1, result


def rollback(root):
    return run(XEN2NITRO, "rollback", "--root", root)


def states(root):
    out = run(XEN2NITRO, "history", "--root", root, "--format", "json").stdout
    return [r["state"] for r in json.loads(out)["runs"]]


reference = make_root()
OLD_TREE = snapshot(reference, True)
OLD_NAMES = snapshot(reference, False)
first = run(APPLY, reference, *operations(reference))
NEW_NAMES = snapshot(reference, False)

tests = 0


def report(name, problems):
    global tests
    tests += 1
    print("%sok %d - %s" % ("not " if problems else "", tests, name))
    for line in problems[:20]:
        print("# " + str(line))
    sys.stdout.flush()


def finish_old(root, again=True):
    """Whatever the volume is in: rollback makes all of it old, twice is once, and a fix works again."""
    problems = []
    result = rollback(root)
    if result.returncode != 0:
        problems.append("rollback: exit %d %s%s" % (result.returncode, result.stdout, result.stderr))
    if snapshot(root, True) != OLD_TREE:
        problems.append("not old after rollback")
    result = rollback(root)
    if result.stdout != "Nothing to do: there is no run that is not undone.\n":
        problems.append("second rollback: " + result.stdout + result.stderr)
    if again:
        result = run(APPLY, root, *operations(root))
        if result.returncode != 0 or snapshot(root, False) != NEW_NAMES:
            problems.append("no fix afterwards: " + result.stdout)
        elif rollback(root).returncode != 0 or snapshot(root, True) != OLD_TREE:
            problems.append("no rollback of the fix afterwards")
    return problems


def count(command):
    code, n, result = stop_at("count", "-", *command)
    return n


def each(points, check):
    """check(n) for each point; what they complain about."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda n: (n, check(n)), points)
        return ["at %d: %s" % (n, p) for n, problems in found for p in problems]


def points(total, offset):
    return list(range(1 + offset % STRIDE, total + 1, STRIDE))


def killed_apply(n):
    root = make_root()
    code, _, result = stop_at("kill", n, APPLY, root, *operations(root))
    problems = [] if code == 137 else ["exit %d %s" % (code, result.stdout)]
    open_runs = [s for s in states(root) if s in ("prepared", "applying", "stuck")]
    tree = snapshot(root, False)
    if "committed" in states(root):
        if tree != NEW_NAMES:
            problems.append("committed, and not all is new")
    elif open_runs:
        again = run(APPLY, root, *operations(root))
        if again.returncode != 1 or "run `xen2nitro rollback` first" not in again.stdout:
            problems.append("another fix began: " + again.stdout)
    elif tree != OLD_NAMES:
        problems.append("nothing is open, and not all is old")
    problems += finish_old(root, n % 5 == 0)
    shutil.rmtree(root)
    return problems


def killed_rollback(n):
    root = make_root()
    run(APPLY, root, *operations(root))
    code, _, result = stop_at("kill", n, XEN2NITRO, "rollback", "--root", root)
    problems = [] if code == 137 else ["exit %d" % code]
    if states(root)[-1] == "rolled-back" and snapshot(root, True) != OLD_TREE:
        problems.append("rolled back, and not all is old")
    problems += finish_old(root, n % 5 == 0)
    shutil.rmtree(root)
    return problems


def killed_twice(n):
    root = make_root()
    stop_at("kill", n, APPLY, root, *operations(root))
    stop_at("kill", n % 17 + 1, XEN2NITRO, "rollback", "--root", root)
    problems = finish_old(root)
    shutil.rmtree(root)
    return problems


def failed_apply(mode, may_be_stuck):
    def check(n):
        root = make_root()
        code, _, result = stop_at(mode, n, APPLY, root, *operations(root))
        problems = []
        if code == 0 and snapshot(root, False) != NEW_NAMES:
            problems.append("committed, and not all is new: " + result.stdout)
        elif code in (1, 4) and snapshot(root, True) != OLD_TREE:
            problems.append("undone, and not all is old: " + result.stdout)
        elif code not in (0, 1, 4) + ((5,) if may_be_stuck else ()):
            problems.append("exit %d %s" % (code, result.stdout))
        if code not in (0, 5) and mode != "signal" and "nothing was changed" not in result.stdout and \
                "all that was done is undone" not in result.stdout:
            problems.append("says: " + result.stdout)
        problems += finish_old(root, n % 5 == 0)
        shutil.rmtree(root)
        return problems
    return check


def failed_rollback(mode):
    def check(n):
        root = make_root()
        run(APPLY, root, *operations(root))
        code, _, result = stop_at(mode, n, XEN2NITRO, "rollback", "--root", root)
        problems = []
        if code == 0 and snapshot(root, True) != OLD_TREE:
            problems.append("undone, and not all is old")
        elif code == 4 and snapshot(root, False) != NEW_NAMES:
            problems.append("unchanged, and not all is new: " + result.stdout + result.stderr)
        elif code not in (0, 4, 5):
            problems.append("exit %d" % code)
        problems += finish_old(root, False)
        shutil.rmtree(root)
        return problems
    return check


def start_with_tool(root, script):
    """A fix whose tool has begun: the process, once that is so."""
    begun = os.path.join(root, "boot/begun")
    process = subprocess.Popen([APPLY, root, "write", "/etc/fstab", NEW["etc/fstab"].decode(),
                                "run", "/boot/begun,/boot/late", "echo >%s; %s" % (begun, script)],
                               env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, universal_newlines=True)
    while not os.path.exists(begun) and process.poll() is None:
        time.sleep(0.01)
    return process


def two_at_once():
    root = make_root()
    process = start_with_tool(root, "sleep 2")
    problems = []
    second = run(APPLY, root, *operations(root))
    if second.returncode != 1 or "another xen2nitro, or a tool that it started, is at work" not in second.stdout:
        problems.append("a second fix: " + second.stdout)
    second = rollback(root)
    if second.returncode != 4:
        problems.append("a rollback meanwhile: exit %d %s" % (second.returncode, second.stderr))
    out, _ = process.communicate()
    if process.returncode != 0 or states(root) != ["committed"]:
        problems.append("the first fix: " + out)
    return problems + finish_old(root)


def killed_with_tool():
    """The tool writes nothing after its fixer is dead, or keeps everybody else out until it is done."""
    root = make_root()
    process = start_with_tool(root, "(sleep 2; echo late >%s/boot/late); true" % root)
    process.kill()
    process.communicate()
    problems = []
    while rollback(root).returncode == 4:
        time.sleep(0.1)
    time.sleep(2.5)
    if os.path.exists(os.path.join(root, "boot/late")):
        problems.append("the tool wrote after rollback")
    return problems + finish_old(root)


# ---- what a power cut would leave: the order in which things reach the disk -----------------------


def logged(*command):
    log = os.path.join(top, "log")
    run(STOP_AT, "count", "-", *command, env=dict(ENV, STOP_AT_LOG=log))
    with open(log, errors="replace") as f:
        return [line.rstrip("\n").split(" ", 2) + [""] * 2 for line in f]


def journal_line(event):
    return event[0] == "write" and event[1].endswith("/journal")


def check_order(events):
    problems = []
    for i, (call, path, rest, *_) in enumerate(events):
        before, after = events[:i], events[i + 1:]
        if journal_line(events[i]) and (not after or after[0][:2] != ["fsync", path]):
            problems.append("journal not synced at once: " + rest)
        if call == "rename" and "/.xen2nitro-" in path:
            last = [e for e in before if e[1] == path][-1]
            if last[0] != "fsync":
                problems.append("renamed unsynced: " + path)
            until = next((k for k, e in enumerate(after) if journal_line(e)), len(after))
            if ["fsync", os.path.dirname(rest)] not in [e[:2] for e in after[:until]]:
                problems.append("directory not synced before the journal goes on: " + rest)
        if call == "create" and "/.xen2nitro-" in path:
            said = [e for e in before if journal_line(e)][-1][2]
            if '"type":"intent"' not in said and '"type":"undo"' not in said:
                problems.append("a new file before it was announced: " + path)
        if call in ("mkdir", "unlink") and STATE not in path and "/initrd" not in path:
            until = next((k for k, e in enumerate(after) if journal_line(e)), len(after))
            if ["fsync", os.path.dirname(path)] not in [e[:2] for e in after[:until]]:
                problems.append("not synced: %s %s" % (call, path))
        if journal_line(events[i]) and '"type":"prepared"' in rest:
            run_dir = os.path.dirname(path)
            for e in before:
                if e[0] == "create" and "/backup/" in e[1]:
                    if [x for x in before if x[1] == e[1]][-1][0] != "fsync":
                        problems.append("prepared before it was on the disk: " + e[1])
            for directory in (run_dir, run_dir + "/backup"):
                last_create = max(k for k, e in enumerate(before) if e[0] == "create"
                                  and os.path.dirname(e[1]) == directory)
                if ["fsync", directory] not in [e[:2] for e in before[last_create:]]:
                    problems.append("prepared before its names were on the disk: " + directory)
        if journal_line(events[i]) and re.search(r'"type":"done".*"after"', rest):
            since = max(k for k, e in enumerate(before) if journal_line(e))
            if "syncfs" not in [e[0] for e in before[since:]]:
                problems.append("a tool's files are not synced")
        if call == "unlink" and "/backup/" in path:
            if not any(journal_line(e) and '"type":"rolled-back"' in e[2] for e in before):
                problems.append("a copy went before the end: " + path)
    return problems


def main():
    if first.returncode != 0 or NEW_NAMES == OLD_NAMES:
        report("a fix that nothing stops", [first.stdout, first.stderr])
        return
    for name, content in NEW.items():
        assert NEW_NAMES[name] == hashlib.sha256(content).hexdigest(), name
    report("a fix and a rollback that nothing stops", finish_old(reference))

    report("two at once", two_at_once())
    report("a fix is killed while its tool runs", killed_with_tool())

    root = make_root()
    events = logged(APPLY, root, *operations(root))
    n_apply = len(events)
    report("order of writes of a fix (%d)" % n_apply, check_order(events) if n_apply > 60 else ["no log"])
    events = logged(XEN2NITRO, "rollback", "--root", root)
    n_rollback = len(events)
    report("order of writes of rollback (%d)" % n_rollback,
           check_order(events) if n_rollback > 20 else ["no log"])

    def series(name, offset, total, check):
        tried = points(total, offset)
        report("%s: %d of %d points" % (name, len(tried), total), each(tried, check))

    series("a fix is killed", 0, n_apply, killed_apply)
    series("rollback is killed", 1, n_rollback, killed_rollback)
    series("a fix is killed, and then its rollback", 2, n_apply, killed_twice)
    series("one call of a fix says ENOSPC", 3, n_apply, failed_apply("fail:ENOSPC", False))
    series("one call of a fix says EIO", 4, n_apply, failed_apply("fail:EIO", False))
    series("from one call on, a fix gets ENOSPC", 5, n_apply, failed_apply("broken:ENOSPC", True))
    series("from one call on, a fix gets EIO", 6, n_apply, failed_apply("broken:EIO", True))
    series("a fix gets SIGINT", 7, n_apply, failed_apply("signal", False))
    series("one call of rollback says EIO", 8, n_rollback, failed_rollback("fail:EIO"))
    series("from one call on, rollback gets ENOSPC", 9, n_rollback, failed_rollback("broken:ENOSPC"))


if __name__ == "__main__":
    probe = run(STOP_AT, "count", "-", "/bin/true")
    try:
        if probe.returncode == 126:
            print("# " + probe.stderr.strip())
            print("ok 1 - stopped anywhere # SKIP programs cannot be traced here")
            tests = 1
        else:
            main()
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print("1..%d" % tests)
