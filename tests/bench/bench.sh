#!/bin/sh
# Time and memory of one check of a real root, beside what its largest part cannot cost less than:
# decompressing the same initial RAM disk with its own public tool. Prints a Markdown table.
#
#   bench.sh [RECIPE]     default trixie, the largest image; N=runs (default 21)
here=$(dirname "$0")/../real
. "$here/lib.sh"

use_root "${1:-trixie}"
cd "$lower" || exit 1
kernel=$(boot_kernel)
initrd=$lower/boot/initrd.img-$kernel
cd - >/dev/null || exit 1
/usr/bin/python3 "$here/../bench/bench.py" "$B/tests/tools/measure" "$bin" "$lower" "$initrd" "${N:-21}" "$suite, kernel $kernel"
