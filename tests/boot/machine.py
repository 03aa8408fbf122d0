#!/usr/bin/env python3
"""Starts a machine and says how far it came: machine.py ROOT-DISK [DISK...]

The disks are NVMe, in this order, and the network card is in PCI slot 5, as on Nitro. The machine
starts through the boot sector of the first disk. What it writes is thrown away.

Prints one line, and the console, BIOS and boot loader included, to stderr:
    up INTERFACE... [MOUNT-POINT...] [swap]   the witness ran (lib.sh plants it), with an address
    no-network [MOUNT-POINT...] [swap]        it ran, and no interface has an address
    emergency                                 the root is there, but the boot stopped in an emergency shell
    no-root                                   the initramfs gave up, or the kernel panicked for want of a root
    no-loader                                 GRUB waits for somebody to type
    hang                                      a job without a time limit waits, or nothing at all goes on
    slow                                      BOOT_SECONDS went by, and it was still at it

The machine's clock counts what it executes, and real time only while it waits: however busy the host
is, it has the same time for its work, and what it waits for that comes, comes in time.

The card is virtio, for QEMU has no ENA: what is proven of the network is the name of the interface.
"""

import os
import re
import select
import signal
import subprocess
import sys
import time

SECONDS = int(os.environ.get("BOOT_SECONDS", "900"))
# Of root, and of two more.
DISK_SLOTS = (0x4, 0x1e, 0x1f)
# A job without a limit may also be one that is merely slow.
PATIENCE = 45
# Seconds without a word and without work. The longest wait of a boot that is going on is systemd's
# for a disk (lib.sh shortens it).
SILENCE = 240
# Less work than this part of the time is none: timers tick.
IDLE = 0.04

# A fault of the emulation, which breaks a kernel now and then: started again, up to so often.
CRASH = "crash"
STARTS = 3
# In this order: an initramfs with systemd inside says both of its emergency.
MARKS = (
    (re.compile(rb"WITNESS ([^\n]*)\n"), None),
    (re.compile(rb"\(initramfs\) |rdsosreport\.txt|dracut:/# |not syncing: (?:VFS|No working init|Attempted to kill init)"), "no-root"),
    (re.compile(rb"end Kernel panic"), CRASH),
    (re.compile(rb"in emergency mode|Cannot open access to console|for maintenance\n"), "emergency"),
    (re.compile(rb"grub(?: rescue)?> $"), "no-loader"),
)
NO_LIMIT = re.compile(rb"running[^\n]*\((?:(\d+)min ?)?(?:(\d+)s)? / no limit\)")
NOISE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r")


def command(disks):
    # Without bootindex the BIOS starts from whichever disk answers first.
    # QEMU 7.2 now and then faults on the cmpxchg16b of kernel 6.12; without cx16 the kernel does not use it.
    args = ["qemu-system-x86_64", "-machine", "pc,graphics=off", "-accel", "tcg,thread=single", "-icount", "shift=1",
            "-cpu", "qemu64,-cx16", "-m", "1024", "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"]
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


class Work:
    """How long a process has been doing nothing, and saying nothing."""

    def __init__(self, pid):
        self.path = f"/proc/{pid}/stat"
        self.since, self.done = time.monotonic(), 0.0

    def seconds(self):
        with open(self.path) as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def idle(self, said):
        now, done = time.monotonic(), self.seconds()
        if said or done - self.done > IDLE * (now - self.since) + 1:
            self.since, self.done = now, done
        return now - self.since


def verdict(console, idle, left):
    """Where it got to; None: it is on its way."""
    where = reached(console)
    if where:
        return where
    return "hang" if idle > SILENCE else "slow" if left <= 0 else None


def watch(machine):
    raw, end, work = b"", time.monotonic() + SECONDS, Work(machine.pid)
    while True:
        said = bool(select.select([machine.stdout], [], [], 1)[0])
        if said:
            piece = os.read(machine.stdout.fileno(), 65536)
            if not piece:
                return f"nothing: QEMU ended with {machine.wait()}", NOISE.sub(b"", raw)
            raw += piece
        console = NOISE.sub(b"", raw)
        where = verdict(console, work.idle(said), end - time.monotonic())
        if where:
            return where, console


def start(disks):
    """Where the machine got to, and what it wrote."""
    with subprocess.Popen(command(disks), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        try:
            return watch(machine)
        finally:
            machine.kill()


def main():
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    for n in range(STARTS):
        began = time.monotonic()
        where, console = start(sys.argv[1:])
        sys.stderr.buffer.write(console + f"\n=== {where} after {time.monotonic() - began:.0f} s\n".encode())
        if where != CRASH:
            break
    print(where)


main()
