/*
 * For which processor the system is made: the kernel that starts next, its first program, and the
 * level of x86-64 that its C library asks for.
 */
#include <errno.h>
#include <string.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "parse/bzimage.h"
#include "parse/elfnote.h"
#include "parse/lines.h"
#include "probe/probe.h"

/* 1: read, 0: there is no such file, or an error with a text. */
static int read_head(const struct volume *v, const char *path, struct buf *ret, struct err *err)
{
        struct stat st;
        cleanup_fd int fd = volume_open_file(v, path, &st, err);
        cleanup_free char *data = NULL;
        ssize_t n;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        data = xmalloc(ELFNOTE_HEAD_MAX);
        n = fd_read_full(fd, data, ELFNOTE_HEAD_MAX);
        if (n < 0)
                return err_set(err, (int)n, "cannot be read: %s", strerror((int)-n));
        buf_append(ret, data, (size_t)n);
        return 1;
}

static int read_elf(const struct volume *v, const char *path, struct elfnote *ret, struct err *err)
{
        cleanup_buf struct buf head = { 0 };
        int r = read_head(v, path, &head, err);

        if (r > 0) {
                r = elfnote_read(buf_span(&head), ret, err);
                r = r < 0 ? r : 1;
        }
        return r;
}

/* ---- programs -------------------------------------------------------------------------------- */

static const char *machine_name(const struct elfnote *note)
{
        if (note->machine == ELFNOTE_MACHINE_386)
                return "i386";
        if (note->machine == ELFNOTE_MACHINE_X86_64)
                return "x86_64";
        return note->machine == ELFNOTE_MACHINE_AARCH64 ? "aarch64" : "other";
}

/* The first that is a program and no script. */
static void look_at_programs(struct probe_context *context)
{
        static const char *const paths[] = { "/sbin/init", "/bin/sh", "/bin/bash" };
        struct facts *f = context->facts;
        struct err err = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                struct elfnote note;

                if (read_elf(context->volume, paths[i], &note, &err) > 0) {
                        facts_set_str(f, machine_name(&note), "/arch/userland");
                        facts_set_evidence(f, "/arch", paths[i], 0, span_of(machine_name(&note)));
                        return;
                }
        }
        facts_unknown(f, "/arch/userland", paths[0], "%s",
                      err.code ? err.text : "there is no such file");
}

/* ---- the kernel ------------------------------------------------------------------------------ */

/* Of kernels before 3.8, whose header does not say. */
static int is_64_by_config(struct probe_context *context)
{
        const char *release = facts_str(context->facts, "/boot/kernel/release");
        cleanup_free char *path = release ? xasprintf("/boot/config-%s", release) : NULL;
        cleanup_blob struct blob blob = { 0 };
        struct lines lines;
        struct line line;

        if (!path || volume_read(context->volume, path, VOLUME_CONFIG_MAX, &blob, NULL) <= 0)
                return -ENODATA;
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line)) {
                if (span_eq(line.text, "CONFIG_X86_64=y"))
                        return 1;
                if (span_eq(line.text, "CONFIG_X86_32=y"))
                        return 0;
        }
        return -ENODATA;
}

static void look_at_kernel(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *path = facts_str(f, "/boot/entry/kernel/path"), *why, *file = NULL;
        cleanup_buf struct buf head = { 0 };
        struct err err = { 0 };
        int r = -ENODATA;

        if (path && read_head(context->volume, path, &head, &err) > 0)
                r = bzimage_is_64(buf_span(&head));
        if (r == -ENODATA)
                r = is_64_by_config(context);
        /* Programs of 64 bits need a kernel like them, whichever it is. */
        if (r == -ENODATA && streq(facts_str(f, "/arch/userland"), "x86_64"))
                r = 1;
        if (r >= 0) {
                facts_set_str(f, r ? "x86_64" : "i386", "/arch/kernel");
                return;
        }
        why = facts_why_unknown(f, "/boot/kernel/release", &file);
        facts_unknown(f, "/arch/kernel", file, "%s",
                      why ? why
                          : "neither the kernel nor its configuration says for how many bits");
}

/* ---- the C library --------------------------------------------------------------------------- */

static void look_at_libc(struct probe_context *context)
{
        static const char *const paths[] = { "/lib64/libc.so.6", "/lib/x86_64-linux-gnu/libc.so.6",
                                             "/usr/lib64/libc.so.6",
                                             "/usr/lib/x86_64-linux-gnu/libc.so.6" };
        struct facts *f = context->facts;

        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                struct elfnote note;
                struct err err = { 0 };
                int r = read_elf(context->volume, paths[i], &note, &err);

                if (r == 0)
                        continue;
                facts_set_evidence(f, "/arch/libc", paths[i], 0, SPAN("x86 ISA needed"));
                if (r > 0)
                        facts_set_int(f, note.level ? note.level : 1, "/arch/libc/level");
                else
                        facts_unknown(f, "/arch/libc/level", paths[i], "%s", err.text);
                return;
        }
        facts_set_null(f, "/arch/libc");
}

/* ---------------------------------------------------------------------------------------------- */

static void run_arch(struct probe_context *context)
{
        look_at_programs(context);
        look_at_kernel(context);
        look_at_libc(context);
}

static const struct fact_decl arch_facts[] = {
        { "/arch/userland", FACT_STRING, "its programs: x86_64, i386, aarch64 or other" },
        { "/arch/kernel", FACT_STRING, "the kernel that starts next: x86_64 or i386" },
        { "/arch/file", FACT_STRING, "the program looked at" },
        { "/arch/line", FACT_INT, "0" },
        { "/arch/text", FACT_STRING, "what it is made for" },
        { "/arch/libc", FACT_OBJECT, "glibc's libc for x86-64, null: none" },
        { "/arch/libc/level", FACT_INT, "the level of x86-64 it asks for: 1 to 4" },
        { "/arch/libc/file", FACT_STRING, "where it is" },
        { "/arch/libc/line", FACT_INT, "0" },
        { "/arch/libc/text", FACT_STRING, "name of the note" },
        {}
};

const struct probe probe_arch = {
        .name = "arch",
        .needs = PROBE_NEEDS("boot"),
        .provides = arch_facts,
        .run = run_arch,
};
