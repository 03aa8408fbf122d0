#!/usr/bin/env python3
"""Starts a machine and says how far it came: machine.py ROOT-DISK [DISK...]

The disks are NVMe, in this order, and the network card is in PCI slot 5, as on Nitro. The machine
starts through the boot sector of the first disk. What it writes is thrown away.

Prints one line, and the console to stderr:
    up INTERFACE... [MOUNT-POINT...] [swap]   the witness ran (lib.sh plants it), with an address
    no-network [MOUNT-POINT...] [swap]        it ran, and no interface has an address
    emergency                                 the root is there, but the boot stopped in an emergency shell
    no-root                                   the initramfs gave up, or the kernel panicked for want of a root
    hang                                      nothing of these, ever: a job without a time limit, or BOOT_SECONDS went by

The card is virtio, for QEMU has no ENA: what is proven of the network is the name of the interface.
"""

import os
import re
import select
import signal
import subprocess
import sys
import time

SECONDS = int(os.environ.get("BOOT_SECONDS", "300"))
# The first word is the kernel's: the boot loader reads some 50 MB before it.
FIRST_WORD = 120
# Of root, and of two more.
DISK_SLOTS = (0x4, 0x1e, 0x1f)
# A job without a limit may also be one that is merely slow.
PATIENCE = 45

# A fault of the emulation, which breaks a kernel or the BIOS now and then: started again, up to so often.
CRASH = "crash"
STARTS = 3
# In this order: an initramfs with systemd inside says both of its emergency.
MARKS = (
    (re.compile(rb"WITNESS ([^\n]*)\n"), None),
    (re.compile(rb"\(initramfs\) |rdsosreport\.txt|dracut:/# |not syncing: (?:VFS|No working init|Attempted to kill init)"), "no-root"),
    (re.compile(rb"end Kernel panic"), CRASH),
    (re.compile(rb"in emergency mode|Cannot open access to console"), "emergency"),
)
NO_LIMIT = re.compile(rb"running[^\n]*\((?:(\d+)min ?)?(?:(\d+)s)? / no limit\)")
NOISE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r")


def command(disks):
    # QEMU 7.2 now and then faults on the cmpxchg16b of kernel 6.12; without cx16 the kernel does not use it.
    args = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-cpu", "qemu64,-cx16", "-m", "1024", "-display", "none",
            "-monitor", "none", "-serial", "stdio", "-no-reboot"]
    for n, disk in enumerate(disks):
        args += ["-drive", f"file={disk},if=none,id=disk{n},format=raw,snapshot=on",
                 "-device", f"nvme,drive=disk{n},serial=vol{n + 1:017x},addr={DISK_SLOTS[n]:x},bootindex={n}"]
    return args + ["-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net,addr=5,romfile="]


def waited_for_ever(console):
    for m in NO_LIMIT.finditer(console):
        if int(m[1] or 0) * 60 + int(m[2] or 0) >= PATIENCE:
            return True
    return False


def reached(console):
    """What the console says so far, or None."""
    for pattern, name in MARKS:
        m = pattern.search(console)
        if m:
            return name or m[1].decode(errors="replace").strip()
    return "hang" if waited_for_ever(console) else None


def watch(machine):
    raw, began = b"", time.monotonic()
    while True:
        left = began + (SECONDS if raw else FIRST_WORD) - time.monotonic()
        if left <= 0 or not select.select([machine.stdout], [], [], left)[0]:
            return "hang", NOISE.sub(b"", raw)
        piece = os.read(machine.stdout.fileno(), 65536)
        if not piece:
            return f"nothing: QEMU ended with {machine.wait()}", NOISE.sub(b"", raw)
        raw += piece
        where = reached(NOISE.sub(b"", raw))
        if where:
            return where, NOISE.sub(b"", raw)


def start(disks):
    """Where the machine got to, and what it wrote."""
    with subprocess.Popen(command(disks), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        try:
            return watch(machine)
        finally:
            machine.kill()


def main():
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    for _ in range(STARTS):
        where, console = start(sys.argv[1:])
        if console and where != CRASH:
            break
    sys.stderr.buffer.write(console)
    print(where)


main()
