/*
 * systemd-boot: entry files and unified kernel images on the EFI system partition, and on the
 * partition for /boot (XBOOTLDR), when that is another.
 */
#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/str.h"
#include "parse/lines.h"
#include "parse/pe.h"
#include "parse/sdboot.h"
#include "probe/boot.h"

#define PART_MAX (1u << 20) /* of the small parts of an image: os-release, command line */

/* Where an entry comes from. */
struct origin {
        char *file;        /* in the volume */
        const char *mount; /* its paths begin there */
        struct blob text;  /* of an entry file */
        bool image;        /* a unified kernel image */
        char *unknown;     /* what is started is not known, and why; or NULL */
        struct pe_section kernel, initrds[2];
        size_t n_initrds;
};

struct menu {
        const struct boot_probe *b;
        struct sdboot_entry *v;
        size_t n, cap;
};

static void origin_free(struct origin *o)
{
        free(o->file);
        blob_done(&o->text);
        free(o->unknown);
        free(o);
}

static void menu_done(struct menu *m)
{
        for (size_t i = 0; i < m->n; i++) {
                origin_free(m->v[i].data);
                sdboot_entry_done(&m->v[i]);
        }
        free(m->v);
}
#define cleanup_menu _cleanup_(menu_done)

/* ---- unified kernel images ------------------------------------------------------------------- */

/* A part that is not there is empty. */
static int read_part(int fd, const struct pe_section *s, struct blob *ret, struct err *err)
{
        size_t len = s ? (size_t)s->size : 0;
        char *data;
        ssize_t n;

        if (s && s->size > PART_MAX)
                return err_set(err, -EFBIG, "its part %s is too large", s->name);
        data = xmalloc(len + 1);
        n = s ? pread(fd, data, len, (off_t)s->offset) : 0;
        if (n != (ssize_t)len) {
                free(data);
                return err_set(err, -EIO, "its part %s cannot be read", s->name);
        }
        data[len] = '\0';
        *ret = (struct blob){ data, strlen(data) };
        return 0;
}

/* As systemd-boot names it, by the system it was made for (bootspec_pick_name_version_sort_key). */
static void take_system(struct span osrel, struct sdboot_entry *e)
{
        static const char *const keys[] = { "PRETTY_NAME",   "NAME",    "IMAGE_ID",   "ID",
                                            "IMAGE_VERSION", "VERSION", "VERSION_ID", "BUILD_ID" };
        enum {
                PRETTY_NAME,
                NAME,
                IMAGE_ID,
                ID,
                IMAGE_VERSION,
                VERSION,
                VERSION_ID,
                BUILD_ID
        };
        struct sdboot_lines lines = { osrel, "=", 0 };
        struct span values[ARRAY_SIZE(keys)] = { 0 };
        static const int titles[] = { PRETTY_NAME, IMAGE_ID, NAME, ID };
        static const int versions[] = { IMAGE_VERSION, VERSION, VERSION_ID, BUILD_ID };
        struct sdboot_line line;

        while (sdboot_next(&lines, &line))
                for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
                        if (span_eq(line.key, keys[i]))
                                values[i] = line.value;
        for (size_t i = ARRAY_SIZE(titles); i-- > 0;) {
                if (values[titles[i]].data) {
                        free(e->title);
                        e->title = span_dup(values[titles[i]]);
                }
                if (values[versions[i]].data) {
                        free(e->version);
                        e->version = span_dup(values[versions[i]]);
                }
        }
        if (values[IMAGE_ID].data || values[ID].data)
                e->sort_key = span_dup(values[IMAGE_ID].data ? values[IMAGE_ID] : values[ID]);
}

/* The stub cuts blanks and control characters off both ends. */
static char *trim(struct span text)
{
        while (text.len && (unsigned char)text.data[text.len - 1] <= ' ')
                text.len--;
        while (text.len && (unsigned char)*text.data <= ' ')
                text.data++, text.len--;
        return span_dup(text);
}

/* What systemd-stub takes from elsewhere; NULL: nothing. */
static char *find_addition(const struct boot_probe *b, const struct origin *o, const struct pe *pe)
{
        cleanup_free char *own = xasprintf("%s.extra.d", o->file);
        cleanup_free char *common = xasprintf("%s/loader/addons", b->esp);
        const char *const places[] = { own, common };

        for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(b->context->volume, places[i], &names, &err) < 0)
                        return xstrdup(err.text);
                if (names.n)
                        return xasprintf("the files in %s add to it, which is not understood",
                                         places[i]);
        }
        if (pe->machine != PE_X86_64)
                return xstrdup("it is not for x86-64");
        for (size_t i = 0; i < pe->n; i++)
                if (streq(pe->sections[i].name, ".profile") ||
                    pe_find(pe, pe->sections[i].name) != &pe->sections[i])
                        return xstrdup("it has several profiles, which is not understood");
        return NULL;
}

static int read_image(const struct boot_probe *b, int fd, const struct pe *pe, struct origin *o,
                      struct sdboot_entry *e, struct err *err)
{
        static const char *const initrds[] = { ".ucode", ".initrd" };
        cleanup_blob struct blob osrel = { 0 }, cmdline = { 0 };
        const struct pe_section *kernel = pe_find(pe, ".linux");

        if (read_part(fd, pe_find(pe, ".osrel"), &osrel, err) < 0 ||
            read_part(fd, pe_find(pe, ".cmdline"), &cmdline, err) < 0)
                return -EIO;
        take_system(blob_span(&osrel), e);
        e->options = trim(blob_span(&cmdline));
        o->unknown = find_addition(b, o, pe);
        if (!o->unknown && !kernel)
                o->unknown = xstrdup("it has no kernel inside");
        if (kernel)
                o->kernel = *kernel;
        for (size_t i = 0; i < ARRAY_SIZE(initrds); i++)
                if (pe_find(pe, initrds[i]))
                        o->initrds[o->n_initrds++] = *pe_find(pe, initrds[i]);
        return 1;
}

/* 1, 0: systemd-boot leaves it out, or an error. */
static int parse_image(const struct boot_probe *b, const char *name, struct origin *o,
                       struct sdboot_entry *e, struct err *err)
{
        cleanup_free char *head = xmalloc(PE_HEAD_MAX);
        struct err damage = { 0 };
        struct pe pe = { 0 };
        struct stat st;
        cleanup_fd int fd = volume_open_file(b->context->volume, o->file, &st, err);
        ssize_t n = fd < 0 ? fd : fd_read_full(fd, head, PE_HEAD_MAX);

        if (fd < 0)
                return fd == -ENOENT ? err_set(err, fd, "%s is gone", o->file) : fd;
        if (n < 0)
                return err_set(err, (int)n, "%s: cannot be read", o->file);
        if (pe_parse((struct span){ head, (size_t)n }, (uint64_t)st.st_size, &pe, &damage) < 0) {
                facts_problem(b->context->facts, o->file, "%s: systemd-boot leaves it out",
                              damage.text);
                return 0;
        }
        if (!pe_find(&pe, ".osrel"))
                return 0;
        o->image = true;
        sdboot_name_entry(name, e);
        n = read_image(b, fd, &pe, o, e, err);
        return n < 0 ? err_wrap(err, (int)n, "%s", o->file) : e->title != NULL;
}

/* ---- entry files ----------------------------------------------------------------------------- */

static int parse_file(const struct boot_probe *b, const char *name, struct origin *o,
                      struct sdboot_entry *e, struct err *err)
{
        int r = volume_read(b->context->volume, o->file, VOLUME_CONFIG_MAX, &o->text, err);

        if (r < 0)
                return r;
        if (r == 0)
                return err_set(err, -ENOENT, "%s is gone", o->file);
        r = sdboot_parse_entry(name, blob_span(&o->text), e, err);
        return r < 0 ? err_wrap(err, r, "%s", o->file) : r;
}

/* ---- the menu -------------------------------------------------------------------------------- */

static bool has_ending(const char *name, const char *ending)
{
        size_t len = strlen(name), end = strlen(ending);

        return *name != '.' && len > end && strcasecmp(name + len - end, ending) == 0 &&
               strncasecmp(name, "auto-", strlen("auto-")) != 0;
}

/* 1, 0: it is none, or an error. */
static int add_entry(struct menu *m, const char *mount, const char *directory, const char *name,
                     bool image, struct err *err)
{
        cleanup_sdboot_entry struct sdboot_entry e = { 0 };
        struct origin *o = xcalloc(1, sizeof(*o));
        int r;

        o->mount = mount;
        o->file = xasprintf("%s%s/%s", mount, directory, name);
        r = image ? parse_image(m->b, name, o, &e, err) : parse_file(m->b, name, o, &e, err);
        if (r > 0 && m->n == SDBOOT_ENTRIES_MAX)
                r = err_set(err, -E2BIG, "more than %d entries", SDBOOT_ENTRIES_MAX);
        if (r <= 0) {
                origin_free(o);
                return r;
        }
        e.data = o;
        *ARRAY_PUSH(&m->v, &m->n, &m->cap) = e;
        e = (struct sdboot_entry){ 0 };
        return 1;
}

static int add_directory(struct menu *m, const char *mount, bool images, struct err *err)
{
        const char *directory = images ? "/EFI/Linux" : "/loader/entries";
        cleanup_free char *path = xasprintf("%s%s", mount, directory);
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(m->b->context->volume, path, &names, err);

        for (size_t i = 0; r >= 0 && i < names.n; i++)
                if (has_ending(names.v[i], images ? ".efi" : ".conf"))
                        r = add_entry(m, mount, directory, names.v[i], images, err);
        return r < 0 ? r : 0;
}

static int add_mount(struct menu *m, const char *mount, struct err *err)
{
        int r = add_directory(m, mount, true, err);

        return r < 0 ? r : add_directory(m, mount, false, err);
}

static int compare_entries(const void *a, const void *b)
{
        return sdboot_compare(a, b);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static struct bootentry_place make_place(const struct origin *o, size_t line, const char *otherwise)
{
        struct lines lines = lines_of(blob_span(&o->text));
        struct line l;

        while (line && lines_next(&lines, &l))
                if (l.number == line)
                        return (struct bootentry_place){ xstrdup(o->file), line,
                                                         span_dup(line_strip(l.text)) };
        return (struct bootentry_place){ xstrdup(o->file), 0, xstrdup(otherwise) };
}

static struct bootentry_file make_file(const struct origin *o, const struct sdboot_file *file)
{
        return (struct bootentry_file){ .place = make_place(o, file->line, file->path),
                                        .path = xstrdup(file->path),
                                        .device = xasprintf("at:%s", o->mount) };
}

static struct bootentry_file make_part(const struct origin *o, const struct pe_section *part,
                                       const char *text)
{
        return (struct bootentry_file){ .place = make_place(o, 0, text),
                                        .path = xstrdup(o->file + strlen(o->mount)),
                                        .device = xasprintf("at:%s", o->mount),
                                        .offset = part->offset,
                                        .size = part->size };
}

static void fill_entry(const struct sdboot_entry *e, size_t index, struct bootentry *ret)
{
        const struct origin *o = e->data;
        size_t n = o->image ? o->n_initrds : e->n_initrds;

        ret->title = xstrdup(e->title ? e->title : e->id);
        ret->id = xstrdup(e->id);
        ret->index = xasprintf("%zu", index);
        ret->place = make_place(o, e->title_line ? e->title_line : e->kernel.line, ret->title);
        ret->bls = !o->image;
        if (o->unknown) {
                ret->unknown = xstrdup(o->unknown);
                return;
        }
        if (e->program) {
                ret->starts = BOOTENTRY_OTHER;
                return;
        }
        ret->cmdline = xstrdup(e->options ? e->options : "");
        ret->kernel = o->image ? make_part(o, &o->kernel, ret->cmdline) : make_file(o, &e->kernel);
        if (e->options_line)
                ret->args = make_place(o, e->options_line, ret->cmdline);
        for (size_t i = 0; i < n; i++)
                *ARRAY_PUSH(&ret->initrds, &ret->n_initrds, &ret->cap_initrds) =
                        o->image ? make_part(o, &o->initrds[i], o->initrds[i].name)
                                 : make_file(o, &e->initrds[i]);
}

static char *explain_choice(const struct sdboot_conf *conf, bool matched)
{
        if (matched)
                return xasprintf("default %s in loader.conf", conf->pattern);
        if (conf->saved)
                return xstrdup("default @saved in loader.conf, and nothing is saved before the "
                               "first start with UEFI, so the first entry");
        if (conf->pattern)
                return xasprintf("default %s in loader.conf, which names no entry, so the first",
                                 conf->pattern);
        return xstrdup("no default in loader.conf, and EFI variables are not on the volume, so the "
                       "first entry");
}

/* When an entry that is counted does not come up, the one after it is started in the end. */
static enum bootentry_role role_of(const struct menu *m, size_t next, bool matched, size_t i)
{
        return !matched && i == next + 1 && m->v[next].left > 0 ? BOOTENTRY_FALLBACK
                                                                : BOOTENTRY_MENU;
}

static int fill_menu(const struct menu *m, const struct sdboot_conf *conf, struct bootmenu *ret,
                     struct err *err)
{
        cleanup_bootmenu struct bootmenu menu = { 0 };
        size_t next = 0;
        int r = m->n ? sdboot_select(conf, m->v, m->n, &next, err)
                     : err_set(err, -ENODATA, "the menu has no entry");

        if (r < 0)
                return r;
        fill_entry(&m->v[next], next, &menu.next);
        if (menu.next.unknown)
                return err_set(err, -ENODATA, "%s: %s", menu.next.place.file, menu.next.unknown);
        if (menu.next.starts != BOOTENTRY_LINUX)
                return err_set(err, -ENODATA, "%s line %zu: it starts another EFI program",
                               menu.next.place.file, m->v[next].kernel.line);
        menu.next.chosen_by = explain_choice(conf, r > 0);
        menu.next.waits = conf->waits;
        for (size_t i = 0; i < m->n; i++) {
                struct bootentry *other =
                        i == next ? NULL : bootmenu_add(&menu, role_of(m, next, r > 0, i));

                if (other)
                        fill_entry(&m->v[i], i, other);
        }
        *ret = menu;
        menu = (struct bootmenu){ 0 };
        return 0;
}

/* Where UEFI runs, its variables come before what is on the disk. */
static int check_variables(const struct boot_probe *b, struct err *err)
{
        cleanup_strv struct strv names = { 0 };

        if (volume_mode(b->context->volume) != VOLUME_LIVE ||
            volume_list(b->context->volume, "/sys/firmware/efi/efivars", &names, err) <= 0)
                return 0;
        for (size_t i = 0; i < names.n; i++)
                if (str_startswith(names.v[i], "LoaderEntryOneShot-") ||
                    str_startswith(names.v[i], "LoaderEntryDefault-") ||
                    str_startswith(names.v[i], "LoaderEntryLastBooted-"))
                        return err_set(err, -ENODATA,
                                       "the EFI variable %.60s can say what is started, which is "
                                       "not read",
                                       names.v[i]);
        return 0;
}

int boot_read_systemd(const struct boot_probe *b, const char *config _unused_, struct span text,
                      struct bootmenu *ret, struct err *err)
{
        cleanup_sdboot_conf struct sdboot_conf conf = { 0 };
        cleanup_menu struct menu m = { .b = b };
        int r = check_variables(b, err);

        sdboot_parse_conf(text, &conf);
        if (r == 0)
                r = add_mount(&m, b->esp, err);
        if (r == 0 && b->separate && !streq(b->esp, "/boot"))
                r = add_mount(&m, "/boot", err);
        if (r < 0)
                return r;
        if (m.n)
                qsort(m.v, m.n, sizeof(*m.v), compare_entries);
        return fill_menu(&m, &conf, ret, err);
}

/* ---- finding it ------------------------------------------------------------------------------ */

static int has_names(const struct boot_probe *b, const char *mount, const char *directory,
                     const char *ending, struct err *err)
{
        cleanup_free char *path = xasprintf("%s%s", mount, directory);
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(b->context->volume, path, &names, err);

        for (size_t i = 0; r > 0 && i < names.n; i++)
                if (has_ending(names.v[i], ending))
                        return 1;
        return r < 0 ? r : 0;
}

static int has_entries(const struct boot_probe *b, const char *mount, struct err *err)
{
        int r = has_names(b, mount, "/loader/entries", ".conf", err);

        return r ? r : has_names(b, mount, "/EFI/Linux", ".efi", err);
}

/* Where bootctl installs it, and where firmware looks for a loader on a disk it does not know. */
bool boot_has_systemd_boot(const struct boot_probe *b, const char *esp)
{
        static const char *const programs[] = { "/EFI/systemd/systemd-bootx64.efi",
                                                "/EFI/BOOT/BOOTX64.EFI" };
        static const char mark[] = "LoaderInfo: systemd-boot";

        for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
                cleanup_free char *path = xasprintf("%s%s", esp, programs[i]);
                cleanup_blob struct blob program = { 0 };

                if (volume_read(b->context->volume, path, VOLUME_CONFIG_MAX, &program, NULL) > 0 &&
                    memmem(program.data, program.len, mark, strlen(mark)))
                        return true;
        }
        return false;
}

int boot_find_systemd(const struct boot_probe *b, const char **ret_config, struct err *err)
{
        static const struct {
                const char *mount, *config;
        } mounts[] = {
                { "/boot/efi", "/boot/efi/loader/loader.conf" },
                { "/efi", "/efi/loader/loader.conf" },
                { "/boot", "/boot/loader/loader.conf" },
        };
        const char *without = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
                const char *where = mounts[i].mount;
                int r = has_entries(b, where, err);

                if (r == 0 && b->separate) {
                        where = "/boot";
                        r = has_entries(b, where, err);
                }
                if (r < 0)
                        return r;
                if (r > 0 && boot_has_systemd_boot(b, mounts[i].mount)) {
                        *ret_config = mounts[i].config;
                        return 1;
                }
                if (r > 0)
                        without = where;
        }
        if (!without || boot_find_grub2_efi(b, ret_config, NULL) != 0 || boot_find_unmounted_esp(b))
                return 0;
        return err_set(err, -ENODATA,
                       "there are entries of systemd-boot below %s, but not systemd-boot "
                       "(EFI/systemd/systemd-bootx64.efi)",
                       without);
}
