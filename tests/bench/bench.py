"""bench.py LAUNCHER BINARY ROOT INITRD RUNS WHAT: medians of whole processes, page cache warm."""
import os
import shutil
import statistics
import subprocess
import sys

launcher, binary, root, initrd, runs, what = sys.argv[1:]
MAGICS = ((b"\x28\xb5\x2f\xfd", "zstd"), (b"\x1f\x8b", "gzip"), (b"\xfd7zXZ", "xz"), (b"BZh", "bzip2"),
          (b"\x02\x21\x4c\x18", "lz4"))


def main_archive():
        """The compressed archive of the image, (tool, offset), behind the uncompressed ones."""
        with open(initrd, "rb") as file:
                data = file.read()
        offset = 0
        while data.startswith((b"0707", b"\0\0\0\0"), offset):
                if data[offset] == 0:
                        offset += 4
                        continue
                size, name_size = (int(data[offset + at:offset + at + 8], 16) for at in (54, 94))
                offset += -(-(110 + name_size) // 4) * 4
                offset += -(-size // 4) * 4
        for magic, tool in MAGICS:
                if data.startswith(magic, offset):
                        return tool, offset
        sys.exit(f"{initrd}: no compression known here")


def once(command, offset):
        """Milliseconds and MiB of one run."""
        with open(initrd, "rb") as source:
                os.lseek(source.fileno(), offset, os.SEEK_SET)
                done = subprocess.run([launcher, "1", *command], stdin=source, capture_output=True, text=True)
        if done.returncode:
                sys.exit(done.stderr)
        microseconds, kib = map(int, done.stdout.split())
        return microseconds / 1000, kib / 1024


def measure(runs, *commands):
        """(median time, greatest resident set) of each. They take turns, so that what else the machine does meets all."""
        samples = [[once(*command) for command in commands] for _ in range(runs)]
        return [(statistics.median(s[i][0] for s in samples), max(s[i][1] for s in samples))
                for i in range(len(commands))]


tool, offset = main_archive()
check, bare = measure(int(runs), ([binary, "check", "--root", root], 0), ([tool, "-dc"], offset))
print(f"{what}, initramfs of {os.path.getsize(initrd) / 1e6:.1f} MB, medians of {runs} runs\n")
print("| command | time | peak memory | time, check = 1 |")
print("| --- | ---: | ---: | ---: |")


def row(name, result):
        print(f"| `{name}` | {result[0]:.1f} ms | {result[1]:.1f} MiB | {result[0] / check[0]:.2f} |")


row("xen2nitro check --root", check)
row(f"{tool} -dc initrd >/dev/null", bare)
if shutil.which("lsinitramfs"):
        row("lsinitramfs initrd", *measure(3, (["lsinitramfs", initrd], 0)))
limit = 1.2 * bare[0] + 5
print(f"\nCheck against 1.2 x {tool} + 5 ms: {check[0]:.1f} ms of {limit:.1f} ms; memory: {check[1]:.1f} MiB of 24 MiB.")
sys.exit(check[0] > limit or check[1] > 24)
