/*
 * The initramfs of the entry that starts next: is it whole, and can it load the drivers? All image
 * files of the entry are read as one, as the boot loader hands them to the kernel, and the question
 * is put to the indexes inside, by the device, as udev does there, or by name when the image loads
 * modules by name.
 */
#include <errno.h>
#include <stdio.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "parse/initramfs.h"
#include "parse/lines.h"
#include "probe/image.h"
#include "probe/initramfs-driver.h"
#include "probe/initramfs-settings.h"
#include "probe/initramfs-waits.h"
#include "probe/modules.h"
#include "probe/probe.h"
#include "probe/shared.h"

#define IMAGES_MAX      32
#define LINES_MAX       2000                /* about the drivers, of all images */
#define IMAGE_BYTES_MAX (UINT64_C(1) << 30) /* all image files; real ones have a tenth of it */

struct part {
        const char *path; /* in the volume, borrowed from the facts */
        uint64_t start;   /* in the whole, always a multiple of 4 */
        uint64_t bytes;
        int fd;
};

struct images {
        struct probe_context *context;
        struct facts *facts;
        struct part v[IMAGES_MAX];
        size_t n, current;
        uint64_t position, total;
        struct image image;
        struct strv closure; /* of all devices, for modprobe.d */
        bool full;           /* there are more directives */
};

/* ---- reading --------------------------------------------------------------------------------- */

static uint64_t padded(uint64_t bytes)
{
        return (bytes + 3) & ~UINT64_C(3);
}

/* The image files one after the other, each filled up with zeros to a multiple of 4. */
static ssize_t read_images(void *context, void *data, size_t len)
{
        struct images *im = context;

        for (; im->current < im->n; im->current++) {
                struct part *p = &im->v[im->current];
                uint64_t end = p->start + padded(p->bytes);
                ssize_t n;

                if (im->position >= end)
                        continue;
                if (im->position >= p->start + p->bytes) {
                        n = (ssize_t)(end - im->position);
                        if ((size_t)n > len)
                                n = (ssize_t)len;
                        memset(data, 0, (size_t)n);
                } else {
                        uint64_t left = p->start + p->bytes - im->position;

                        n = fd_read_full(p->fd, data, left < len ? (size_t)left : len);
                        if (n < 0)
                                return n;
                        /* Shorter than it was a moment ago. */
                        if (n == 0)
                                return -EIO;
                }
                im->position += (uint64_t)n;
                if (im->context->progress)
                        im->context->progress("reading the initramfs", im->position, im->total);
                return n;
        }
        return 0;
}

static const struct part *part_at(const struct images *im, uint64_t offset)
{
        size_t i = im->n;

        while (i > 1 && im->v[i - 1].start > offset)
                i--;
        return &im->v[i - 1];
}

/* 1: open, 0: it is not there, or a negative errno; the last two are published. */
static int open_part(struct images *im, const char *path, uint64_t offset, uint64_t bytes)
{
        struct part *p = &im->v[im->n];
        struct err err = { 0 };
        struct stat st;
        int fd = volume_open_file(im->context->volume, path, &st, &err);

        if (fd == -ENOENT) {
                facts_set_str(im->facts, "missing", "/initramfs/state");
                facts_set_str(im->facts, path, "/initramfs/detail");
                facts_set_evidence(im->facts, "/initramfs", path, 0, SPAN("there is no such file"));
                facts_unknown(im->facts, "/initramfs", path,
                              "the boot entry names it, and it is not there");
                return 0;
        }
        if (fd < 0) {
                facts_unknown(im->facts, "/initramfs", path, "%s", err.text);
                return fd;
        }
        if (!bytes)
                bytes = (uint64_t)st.st_size;
        if (bytes > IMAGE_BYTES_MAX - im->total || lseek(fd, (off_t)offset, SEEK_SET) < 0) {
                close(fd);
                facts_unknown(im->facts, "/initramfs", path,
                              "with %llu bytes it is too large to be read",
                              (unsigned long long)bytes);
                return -EFBIG;
        }
        *p = (struct part){ path, im->total, bytes, fd };
        im->n++;
        im->total += padded(p->bytes);
        return 1;
}

static int open_parts(struct images *im)
{
        size_t n = facts_count(im->facts, "/boot/entry/initrd");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *where = xasprintf("/boot/entry/initrd/%zu/path", i);
                const char *path = facts_str(im->facts, where);
                cleanup_free char *offset = xasprintf("/boot/entry/initrd/%zu/offset", i);
                cleanup_free char *bytes = xasprintf("/boot/entry/initrd/%zu/bytes", i);
                int r;

                if (!path || i >= IMAGES_MAX) {
                        facts_unknown(im->facts, "/initramfs", NULL,
                                      path ? "the boot entry names more than %d image files"
                                           : "an image file of the boot entry is not known",
                                      IMAGES_MAX);
                        return -EINVAL;
                }
                r = open_part(im, path, (uint64_t)facts_int(im->facts, offset, 0),
                              (uint64_t)facts_int(im->facts, bytes, 0));
                if (r <= 0)
                        return r;
        }
        return 1;
}

/* ---- what the reading found ------------------------------------------------------------------ */

static void publish_images(struct images *im, const struct initramfs *result)
{
        uint64_t members[IMAGES_MAX] = { 0 };
        size_t segments[IMAGES_MAX] = { 0 };

        facts_set_array(im->facts, "/initramfs/images");
        for (size_t i = 0; i < im->n; i++) {
                facts_set_str(im->facts, im->v[i].path, "/initramfs/images/%zu/path", i);
                facts_set_int(im->facts, (int64_t)im->v[i].bytes, "/initramfs/images/%zu/bytes", i);
                facts_set_array(im->facts, "/initramfs/images/%zu/segments", i);
        }
        for (size_t s = 0; s < result->n; s++) {
                const struct initramfs_segment *segment = &result->segments[s];
                const struct part *p = part_at(im, segment->offset);
                size_t i = (size_t)(p - im->v);
                cleanup_free char *path =
                        xasprintf("/initramfs/images/%zu/segments/%zu", i, segments[i]++);

                members[i] += segment->members;
                facts_set_int(im->facts, (int64_t)(segment->offset - p->start), "%s/offset", path);
                facts_set_str(im->facts, compression_name(segment->compression), "%s/compression",
                              path);
        }
        for (size_t i = 0; i < im->n; i++)
                facts_set_int(im->facts, (int64_t)members[i], "/initramfs/images/%zu/entries", i);
}

static void publish_contents(struct images *im)
{
        facts_set_array(im->facts, "/initramfs/releases");
        for (size_t i = 0; i < im->image.releases.n; i++)
                facts_set_str(im->facts, im->image.releases.v[i], "/initramfs/releases/%zu", i);
        facts_set_str(im->facts, im->image.generator, "/initramfs/generator");
        if (im->image.releases.n == 0)
                facts_set_str(im->facts, "none", "/initramfs/modules");
        else if (im->image.release)
                facts_set_str(im->facts,
                              strv_contains(&im->image.releases, im->image.release) ? "own"
                                                                                    : "other",
                              "/initramfs/modules");
        else
                facts_unknown(im->facts, "/initramfs/modules", im->v[im->n - 1].path,
                              "which kernel starts next is not known");
}

/* True when the image was read to its end and hides nothing. */
static bool publish_state(struct images *im, const struct initramfs *result)
{
        const struct part *p = part_at(im, result->offset);
        const char *last = im->v[im->n - 1].path;
        unsigned long long at = result->offset - p->start;

        if (result->state == INITRAMFS_UNKNOWN) {
                facts_unknown(im->facts, "/initramfs", p->path, "at byte %llu: %s", at,
                              result->why.text);
                return false;
        }
        if (result->state == INITRAMFS_OK) {
                facts_set_str(im->facts, "ok", "/initramfs/state");
                facts_set_null(im->facts, "/initramfs/detail");
                facts_set_evidence(im->facts, "/initramfs", last, 0, SPAN("read to its end"));
                if (im->image.has_init || !im->image.packed)
                        facts_set_bool(im->facts, im->image.has_init, "/initramfs/init");
                if (im->image.has_fsck || !im->image.packed)
                        facts_set_bool(im->facts, im->image.has_fsck, "/initramfs/fsck");
                if (im->image.packed)
                        facts_unknown(im->facts, "/initramfs", last,
                                      "most of it is packed into %s, which is not read",
                                      im->image.packed);
                else if (im->image.overflow)
                        facts_unknown(
                                im->facts, "/initramfs", last,
                                "it has more files of modules, or names of one, than are kept");
                return !im->image.packed && !im->image.overflow;
        }
        if (result->state == INITRAMFS_EMPTY) {
                facts_set_str(im->facts, "empty", "/initramfs/state");
                facts_set_null(im->facts, "/initramfs/detail");
                facts_set_evidence(im->facts, "/initramfs", im->v[0].path, 0,
                                   im->total ? SPAN("only zeros") : SPAN("0 bytes"));
                facts_unknown(im->facts, "/initramfs", im->v[0].path, "the image is empty");
        } else {
                cleanup_free char *detail = xasprintf("at byte %llu: %s", at, result->why.text);

                facts_set_str(im->facts, "damaged", "/initramfs/state");
                facts_set_str(im->facts, detail, "/initramfs/detail");
                facts_set_evidence(im->facts, "/initramfs", p->path, 0, span_of(detail));
                facts_unknown(im->facts, "/initramfs", p->path, "the image is damaged");
        }
        return false;
}

/* ---- modprobe.d inside, and modules loaded by name ------------------------------------------- */

/* "IMAGE:FILE", where a line inside the image stands. */
static char *place(struct images *im, const char *inside)
{
        return xasprintf("%s:/%s", im->v[im->n - 1].path, inside);
}

static const struct image_file *readable(struct images *im, const char *inside, const char *fact)
{
        const struct image_file *f = image_find(&im->image, inside);
        cleanup_free char *file = place(im, inside);

        if (!f || !f->unread)
                return f;
        facts_unknown(im->facts, fact, file,
                      "its content is too large or comes under another name");
        return NULL;
}

static void publish_directive(struct images *im, const char *file, size_t number, struct span text,
                              const char *kind, const char *name, const char *value)
{
        size_t n = facts_count(im->facts, "/initramfs/directives");
        cleanup_free char *path = xasprintf("/initramfs/directives/%zu", n);

        if (n >= LINES_MAX) {
                if (!im->full)
                        facts_unknown(im->facts, "/initramfs/directives", file,
                                      "more lines about these drivers than are read");
                im->full = true;
                return;
        }
        facts_set_evidence(im->facts, path, file, number, text);
        facts_set_str(im->facts, kind, "%s/kind", path);
        facts_set_str(im->facts, name, "%s/name", path);
        facts_set_str(im->facts, value, "%s/value", path);
}

static bool concerned(struct images *im, const struct modprobe_line *l)
{
        for (const struct device *d = device_list; d->name; d++)
                if (modules_concerned(l, d, &im->closure))
                        return true;
        return false;
}

static void publish_conf(struct images *im, const char *inside)
{
        cleanup_modprobe struct modprobe_conf conf = { 0 };
        cleanup_free char *file = place(im, inside);
        const struct image_file *f = readable(im, inside, "/initramfs/directives");

        if (!f)
                return;
        modprobe_parse(buf_span(&f->content), &conf);
        for (size_t i = 0; i < conf.n; i++)
                if (concerned(im, &conf.v[i]))
                        publish_directive(im, file, conf.v[i].number, conf.v[i].text,
                                          modprobe_verb_name(conf.v[i].verb), conf.v[i].name,
                                          conf.v[i].value);
}

static void publish_load(struct images *im, const char *file, size_t number, const char *word)
{
        cleanup_free char *module = xstrdup(word);
        size_t n = facts_count(im->facts, "/initramfs/loads");
        cleanup_free char *path = xasprintf("/initramfs/loads/%zu", n);

        modprobe_normalise(module);
        if (!strv_contains(&im->closure, module) || n >= LINES_MAX)
                return;
        facts_set_evidence(im->facts, path, file, number, span_of(word));
        facts_set_str(im->facts, module, "%s/module", path);
}

/* initramfs-tools gives each line to modprobe. */
static void publish_conf_modules(struct images *im)
{
        const struct image_file *f = readable(im, "conf/modules", "/initramfs/loads");
        cleanup_free char *file = place(im, "conf/modules");
        struct lines lines = lines_of(f ? buf_span(&f->content) : SPAN(""));
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *word = span_dup(line_strip(line.text));

                word[strcspn(word, " \t")] = '\0';
                if (*word && *word != '#')
                        publish_load(im, file, line.number, word);
        }
}

/* dracut takes words as on the kernel command line from these files, too. */
static void publish_cmdline_word(struct images *im, const char *file, size_t number, char *word)
{
        static const char *const loads[] = { "rd.driver.pre=", "rdloaddriver=" };
        static const char *const lists[] = { "rd.driver.blacklist=", "rdblacklist=" };
        char *module, *at;

        for (size_t i = 0; i < ARRAY_SIZE(loads); i++) {
                at = (char *)str_after(word, loads[i]);
                while (at && (module = strsep(&at, ",")))
                        publish_load(im, file, number, module);
        }
        for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
                at = (char *)str_after(word, lists[i]);
                while (at && (module = strsep(&at, ","))) {
                        modprobe_normalise(module);
                        if (strv_contains(&im->closure, module))
                                publish_directive(im, file, number, span_of(module), "blacklist",
                                                  module, "");
                }
        }
}

static void publish_cmdline(struct images *im, const char *inside)
{
        const struct image_file *f = readable(im, inside, "/initramfs/loads");
        cleanup_free char *file = place(im, inside);
        struct lines lines = lines_of(f ? buf_span(&f->content) : SPAN(""));
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *copy = span_dup(line.text);
                char *at = copy, *word;

                while ((word = strsep(&at, " \t")))
                        publish_cmdline_word(im, file, line.number, word);
        }
}

static void publish_configuration(struct images *im)
{
        static const char *const dirs[] = { "etc/modprobe.d", "usr/local/lib/modprobe.d",
                                            "lib/modprobe.d" };
        cleanup_strv struct strv conf = { 0 }, cmdline = { 0 };

        facts_set_array(im->facts, "/initramfs/directives");
        facts_set_array(im->facts, "/initramfs/loads");
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                image_list(&im->image, dirs[i], ".conf", &conf);
        modules_order_conf(&conf);
        if (im->image.release)
                strv_push_take(&conf,
                               xasprintf("lib/modules/%s/modules.softdep", im->image.release));
        for (size_t i = 0; i < conf.n; i++)
                publish_conf(im, conf.v[i]);
        publish_conf_modules(im);
        if (!streq(im->image.generator, "dracut"))
                return;
        strv_push(&cmdline, "etc/cmdline");
        image_list(&im->image, "etc/cmdline.d", ".conf", &cmdline);
        for (size_t i = 0; i < cmdline.n; i++)
                publish_cmdline(im, cmdline.v[i]);
}

/* For the probes of what these files configure. */
static void keep_configs(struct images *im)
{
        const char *image = im->v[im->n - 1].path;

        for (const char *const *p = image_configs; *p; p++) {
                const struct image_file *f = image_find(&im->image, *p);

                if (f)
                        shared_keep(im->context, *p, image, buf_span(&f->content), f->unread);
        }
}

/* ---------------------------------------------------------------------------------------------- */

static void look_at_drivers(struct images *im)
{
        cleanup_strv struct strv loaded = { 0 };
        size_t n = facts_count(im->facts, "/initramfs/loads");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *path = xasprintf("/initramfs/loads/%zu/module", i);
                const char *module = facts_str(im->facts, path);

                if (module)
                        strv_push(&loaded, module);
        }
        for (const struct device *d = device_list; d->name; d++)
                initramfs_driver_look(im->facts, &im->image, im->v[im->n - 1].path, d, &loaded);
}

static void read_and_look(struct images *im)
{
        cleanup_initramfs struct initramfs result = { 0 };
        struct cpio_events events = image_events(&im->image);
        struct initramfs_source source = { im, read_images };
        struct err err = { 0 };

        if (initramfs_read(&source, &events, &result, &err) < 0) {
                facts_unknown(im->facts, "/initramfs", part_at(im, im->position)->path, "%s",
                              err.text);
                return;
        }
        image_finish(&im->image);
        publish_images(im, &result);
        if (!publish_state(im, &result))
                return;
        publish_contents(im);
        publish_configuration(im);
        keep_configs(im);
        initramfs_waits_look(im->context, &im->image, im->v[im->n - 1].path);
        initramfs_settings_look(im->context, &im->image, im->v[im->n - 1].path);
        look_at_drivers(im);
}

static void images_done(struct images *im)
{
        for (size_t i = 0; i < im->n; i++)
                close_fd(&im->v[i].fd);
        image_done(&im->image);
        strv_done(&im->closure);
}

static void publish_none(struct facts *f)
{
        facts_set_str(f, "none", "/initramfs/state");
        facts_set_array(f, "/initramfs/waits");
        facts_set_null(f, "/initramfs/root");
        facts_set_null(f, "/initramfs/resume");
        facts_set_null(f, "/initramfs/detail");
        facts_set_evidence(f, "/initramfs", facts_str(f, "/boot/entry/file"),
                           (size_t)facts_int(f, "/boot/entry/line", 0),
                           SPAN("the boot entry names no initramfs"));
        facts_set_bool(f, false, "/initramfs/init");
        facts_set_null(f, "/initramfs/fsck");
        facts_set_null(f, "/initramfs/modules");
        for (const struct device *d = device_list; d->name; d++)
                facts_set_null(f, "/initramfs/%s/state", d->name);
}

static void run_initramfs(struct probe_context *context)
{
        _cleanup_(images_done) struct images im = { .context = context, .facts = context->facts };
        struct json_object *initrd;
        const char *why, *file = NULL;

        if (facts_get(im.facts, "/boot/entry/initrd", &initrd) != 1) {
                why = facts_why_unknown(im.facts, "/boot/entry/initrd", &file);
                facts_unknown(im.facts, "/initramfs", file,
                              "which initramfs starts next is not known%s%s", why ? ": " : "",
                              why ? why : "");
                return;
        }
        facts_set_bool(im.facts, facts_count(im.facts, "/boot/entry/initrd") > 0,
                       "/initramfs/used");
        if (facts_count(im.facts, "/boot/entry/initrd") == 0) {
                publish_none(im.facts);
                return;
        }
        image_init(&im.image, facts_str(im.facts, "/boot/kernel/release"));
        for (const struct device *d = device_list; d->name; d++)
                modules_closure(im.facts, d, &im.closure);
        if (open_parts(&im) > 0)
                read_and_look(&im);
}

static const struct fact_decl initramfs_facts[] = {
        { "/initramfs/used", FACT_BOOL, "the boot entry names an initramfs" },
        { "/initramfs/state", FACT_STRING, "none, ok, missing, empty or damaged" },
        { "/initramfs/detail", FACT_STRING, "which file is missing, or what is damaged" },
        { "/initramfs/file", FACT_STRING, "the image" },
        { "/initramfs/line", FACT_INT, "0" },
        { "/initramfs/text", FACT_STRING, "what is wrong with it" },
        { "/initramfs/images", FACT_ARRAY, "image files, in the order they are unpacked" },
        { "/initramfs/images/*/path", FACT_STRING, "image file" },
        { "/initramfs/images/*/bytes", FACT_INT, "its size" },
        { "/initramfs/images/*/entries", FACT_INT, "files and directories inside" },
        { "/initramfs/images/*/segments", FACT_ARRAY, "its archives one after the other" },
        { "/initramfs/images/*/segments/*/offset", FACT_INT, "where the archive begins" },
        { "/initramfs/images/*/segments/*/compression", FACT_STRING, "none, gzip, xz, zstd ..." },
        { "/initramfs/init", FACT_BOOL, "it has the /init that the kernel starts" },
        { "/initramfs/fsck", FACT_BOOL, "it has an fsck; null: there is no initramfs" },
        { "/initramfs/modules", FACT_STRING,
          "whose: own (that kernel's), other (only another's) or none" },
        { "/initramfs/releases", FACT_ARRAY, "kernels it has modules of" },
        { "/initramfs/releases/*", FACT_STRING, "kernel release" },
        { "/initramfs/generator", FACT_STRING, "dracut or initramfs-tools; null: neither" },
        { "/initramfs/directives", FACT_ARRAY, "modprobe.d lines inside about these drivers" },
        { "/initramfs/directives/*/file", FACT_STRING, "image and file inside" },
        { "/initramfs/directives/*/line", FACT_INT, "line there" },
        { "/initramfs/directives/*/text", FACT_STRING, "that line" },
        { "/initramfs/directives/*/kind", FACT_STRING,
          "blacklist, install, alias, softdep or options" },
        { "/initramfs/directives/*/name", FACT_STRING, "module or pattern, with underscores" },
        { "/initramfs/directives/*/value", FACT_STRING,
          "command, module, dependencies or parameters" },
        { "/initramfs/loads", FACT_ARRAY, "drivers the image loads by name" },
        { "/initramfs/loads/*/file", FACT_STRING, "image and file inside" },
        { "/initramfs/loads/*/line", FACT_INT, "line there" },
        { "/initramfs/loads/*/text", FACT_STRING, "the word there" },
        { "/initramfs/loads/*/module", FACT_STRING, "module, with underscores" },
        { "/initramfs/waits", FACT_ARRAY, "devices dracut waits for, beside root and swap" },
        { "/initramfs/waits/*/file", FACT_STRING, "image and script inside" },
        { "/initramfs/waits/*/line", FACT_INT, "line there" },
        { "/initramfs/waits/*/text", FACT_STRING, "that line" },
        { "/initramfs/waits/*/value", FACT_STRING, "the device" },
        { "/initramfs/waits/*/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },
        { "/initramfs/root", FACT_OBJECT, "root written into it, if the boot entry has none" },
        { "/initramfs/root/file", FACT_STRING, "image and file inside" },
        { "/initramfs/root/line", FACT_INT, "line there" },
        { "/initramfs/root/text", FACT_STRING, "that line" },
        { "/initramfs/root/value", FACT_STRING, "the device" },
        { "/initramfs/root/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },
        { "/initramfs/resume", FACT_OBJECT, "the same for the device to resume from" },
        { "/initramfs/resume/file", FACT_STRING, "image and file inside" },
        { "/initramfs/resume/line", FACT_INT, "line there" },
        { "/initramfs/resume/text", FACT_STRING, "that line" },
        { "/initramfs/resume/value", FACT_STRING, "the device" },
#define DEVICE(name)                                                                        \
        { "/initramfs/" name "/state", FACT_STRING, "builtin, module, missing or broken" }, \
                { "/initramfs/" name "/missing", FACT_STRING,                               \
                  "file the driver needs, not inside" },                                    \
                { "/initramfs/" name "/file", FACT_STRING, "the image" },                   \
                { "/initramfs/" name "/line", FACT_INT, "0" },                              \
        {                                                                                   \
                "/initramfs/" name "/text", FACT_STRING, "what the image has of it"         \
        }
        DEVICE("nvme"),
        DEVICE("ena"),
#undef DEVICE
        {}
};

const struct probe probe_initramfs = {
        .name = "initramfs",
        .needs = PROBE_NEEDS("boot", "drivers"),
        .provides = initramfs_facts,
        .run = run_initramfs,
};
