"""Writes the binary formats that a small root needs, the same bytes on every machine.

craft.py module OUT [alias=PATTERN | exports=SYMBOL | needs=SYMBOL | parmtype=NAME:TYPE | version=TEXT |
                     vermagic=TEXT | sum=SYMBOL:HEX]...                  a kernel module (ELF)
craft.py kernel OUT RELEASE                                              a bzImage, header only
craft.py cpio OUT DIR                                                    a newc archive
craft.py pe OUT SECTION=FILE...                                          an EFI program
"""
import os
import stat
import struct
import sys


def module(args):
        """depmod reads .modinfo, and derives dependencies from the symbols."""
        fields = {"alias": [], "exports": [], "needs": [], "parmtype": [], "version": [], "vermagic": [],
                  "supported": [], "sum": []}
        for arg in args:
                key, value = arg.split("=", 1)
                fields[key].append(value)
        modinfo = b"".join(b"alias=%s\0" % a.encode() for a in fields["alias"]) + b"license=GPL\0"
        for key in "parmtype", "version", "vermagic", "supported":
                modinfo += b"".join(b"%s=%s\0" % (key.encode(), v.encode()) for v in fields[key])
        sums = b"".join(struct.pack("<Q56s", int(v.split(":")[1], 16), v.split(":")[0].encode()) for v in fields["sum"])
        exports = b"".join(b"%s\0" % s.encode() for s in fields["exports"])
        strtab, symtab = b"\0", bytes(24)
        for symbol in fields["needs"]:
                symtab += struct.pack("<IBBHQQ", len(strtab), 0x10, 0, 0, 0, 0)  # global, undefined
                strtab += symbol.encode() + b"\0"
        progbits, sym, string = 1, 2, 3
        sections = [
                (".modinfo", progbits, 2, modinfo, 0, 0, 1, 0),
                ("__versions", progbits, 2, sums, 0, 0, 32, 0),
                ("__ksymtab_strings", progbits, 2, exports, 0, 0, 1, 0),
                (".symtab", sym, 0, symtab, 4, 1, 8, 24),
                (".strtab", string, 0, strtab, 0, 0, 1, 0),
        ]
        sections = [s for s in sections if s[3]]
        names = b"\0" + b"".join(s[0].encode() + b"\0" for s in sections) + b".shstrtab\0"
        sections.append((".shstrtab", string, 0, names, 0, 0, 1, 0))
        index = {s[0]: i + 1 for i, s in enumerate(sections)}
        body, headers = b"", bytes(64)
        for name, kind, flags, data, _, info, align, size in sections:
                body += bytes(-len(body) % 8)
                link = index[".strtab"] if kind == sym else 0
                headers += struct.pack("<IIQQQQIIQQ", names.index(name.encode() + b"\0"), kind, flags, 0,
                                       64 + len(body), len(data), link, info, align, size)
                body += data
        body += bytes(-len(body) % 8)
        ident = b"\x7fELF\x02\x01\x01" + bytes(9)
        relocatable, x86_64 = 1, 62
        return struct.pack("<16sHHIQQQIHHHHHH", ident, relocatable, x86_64, 1, 0, 0, 64 + len(body), 0,
                           64, 0, 0, 64, len(sections) + 1, len(sections)) + body + headers


def kernel(release):
        """https://docs.kernel.org/arch/x86/boot.html: the version string lies at kernel_version + 0x200."""
        image = bytearray(0x1000)
        image[0x1f1] = 4  # setup sectors
        struct.pack_into("<H", image, 0x1fe, 0xaa55)
        struct.pack_into("<H4sH", image, 0x200, 0x66eb, b"HdrS", 0x020f)
        struct.pack_into("<H", image, 0x20e, 0x400 - 0x200)
        struct.pack_into("<H", image, 0x236, 0x3)  # XLF_KERNEL_64, XLF_CAN_BE_LOADED_ABOVE_4G
        text = f"{release} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC".encode()
        image[0x400:0x400 + len(text)] = text
        return bytes(image)


def program(machine, level=None):
        """The head of an ELF file; with a level, the note that asks for x86-64-v<level>."""
        machine = int(machine)
        wide = machine != 3
        note = b""
        if level:
                note = struct.pack("<III4sIIII", 4, 16, 5, b"GNU\0", 0xc0008002, 4, 1 << int(level) - 1, 0)
        ident = b"\x7fELF" + bytes([2 if wide else 1, 1, 1]) + bytes(9)
        if not wide:
                return ident + struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, 0, 52, 0, 0, 52, 32, 0, 40, 0, 0)
        header = struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 1 if note else 0, 64, 0, 0)
        segment = struct.pack("<IIQQQQQQ", 0x6474e553, 4, 120, 120, 120, len(note), len(note), 8) if note else b""
        return ident + header + segment + note


def cpio(root):
        """Names sorted, owners and times zero. As in the kernel's own archives, without a leading dot."""
        out, inode = b"", 0

        def member(name, mode, data, links=1):
                nonlocal out, inode
                inode += 1
                numbers = (inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
                out += b"070701" + b"".join(b"%08X" % n for n in numbers) + name.encode() + b"\0"
                out += bytes(-len(out) % 4) + data
                out += bytes(-len(out) % 4)

        for path, dirs, files in os.walk(root):
                dirs.sort()
                for name in sorted(files) + [d for d in dirs if os.path.islink(os.path.join(path, d))]:
                        full = os.path.join(path, name)
                        mode = os.lstat(full).st_mode
                        if stat.S_ISLNK(mode):
                                member(os.path.relpath(full, root), 0o120777, os.readlink(full).encode())
                        else:
                                with open(full, "rb") as file:
                                        member(os.path.relpath(full, root), 0o100644, file.read())
                for name in dirs:
                        full = os.path.join(path, name)
                        if not os.path.islink(full):
                                member(os.path.relpath(full, root), 0o040755, b"", 2)
        member("TRAILER!!!", 0, b"")
        return out + bytes(-len(out) % 512)


def pe(args):
        """Headers as far as they are looked at; what a file is shorter than its place in it is zeros."""
        align = lambda n: (n + 511) & ~511
        sections = [(a.split("=", 1)[0], open(a.split("=", 1)[1], "rb").read()) for a in args]
        x86_64, optional = 0x8664, 240
        head = b"MZ" + bytes(58) + struct.pack("<I", 64)
        head += struct.pack("<4sHHIIIHH", b"PE", x86_64, len(sections), 0, 0, 0, optional, 0x22e)
        head += struct.pack("<H", 0x20b) + bytes(optional - 2)
        at, body = align(len(head) + 40 * len(sections)), b""
        for name, data in sections:
                head += struct.pack("<8sIIIIIIHHI", name.encode(), len(data), at + len(body), align(len(data)),
                                    at + len(body), 0, 0, 0, 0, 0x40000040)
                body += data + bytes(align(len(data)) - len(data))
        return head + bytes(at - len(head)) + body


def main():
        kind, out, *args = sys.argv[1:]
        data = {"module": lambda: module(args), "kernel": lambda: kernel(*args), "cpio": lambda: cpio(*args),
                "pe": lambda: pe(args), "program": lambda: program(*args)}[kind]()
        with open(out, "wb") as file:
                file.write(data)


main()
