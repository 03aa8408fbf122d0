#!/usr/bin/env python3
"""Everything below DIR, a line each: manifest.py DIR

Content, kind, mode, owner and extended attributes of all there is, times of all but directories; not
what xen2nitro keeps for itself.
"""

import hashlib
import os
import stat
import sys

OURS = "var/lib/xen2nitro"


def content(path, st):
    if stat.S_ISREG(st.st_mode):
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()
    if stat.S_ISLNK(st.st_mode):
        return os.readlink(path)
    if stat.S_ISDIR(st.st_mode):
        return "-"
    return f"{os.major(st.st_rdev)}:{os.minor(st.st_rdev)}"


def line(root, path):
    st = os.lstat(path)
    attributes = [(name, os.getxattr(path, name, follow_symlinks=False).hex())
                  for name in sorted(os.listxattr(path, follow_symlinks=False))]
    mtime = "-" if stat.S_ISDIR(st.st_mode) else st.st_mtime_ns
    return f"{os.path.relpath(path, root)!r} {st.st_mode:o} {st.st_uid}:{st.st_gid} {mtime} {content(path, st)} {attributes}"


def main():
    root = sys.argv[1]
    lines = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if os.path.relpath(os.path.join(folder, f), root) != OURS]
        lines += [line(root, os.path.join(folder, name)) for name in folders + files]
    print(*sorted(lines), sep="\n")


main()
