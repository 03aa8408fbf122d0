/*
 * The ENA driver that the kernel which starts next would load: which version it is, where it comes
 * from, and whether that kernel takes it.
 *
 * A kernel compares the module's vermagic with its own. Where both are built with MODVERSIONS the
 * release, its first word, does not count, but the checksum of every symbol the module uses does
 * (same_magic() and check_version() in kernel/module.c, since 5.19 kernel/module/version.c). The
 * kernel's own vermagic, and checksums to compare with, are those of a module it came with.
 *
 * The card of later Nitro versions, ENAv3, wants driver 2.2.9; one before 1.2 cannot attach it:
 *   https://github.com/amzn/amzn-drivers/blob/master/kernel/linux/ena/ENA_Linux_Best_Practices.rst
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/modinfo.h"
#include "parse/modversions.h"
#include "parse/rpmvercmp.h"
#include "parse/shellvar.h"
#include "probe/modulefile.h"
#include "probe/modules.h"
#include "probe/probe.h"

struct ena {
        const struct volume *volume;
        struct facts *facts;
        const char *release, *dir, *path;
        struct buf module, own; /* the driver, and a module the kernel came with */
        char *vermagic, *own_vermagic;
        bool has_own;
};

/* ---- where it comes from --------------------------------------------------------------------- */

enum origin {
        ORIGIN_KERNEL, /* it came with it */
        ORIGIN_WEAK,   /* weak-updates: another release's, which a script found to fit */
        ORIGIN_ADDED,
};

static const char *const origin_names[] = {
        [ORIGIN_KERNEL] = "kernel", [ORIGIN_WEAK] = "weak-updates", [ORIGIN_ADDED] = "added"
};

/* Linux has it in the first place, the kernels of Amazon in the second. */
static const char *const places[] = { "net/ethernet/amazon/ena", "amazon/net/ena" };

static enum origin find_origin(const struct ena *e)
{
        const char *below = str_after(e->path, e->dir);

        for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
                cleanup_free char *front =
                        xasprintf("%s/kernel/drivers/%s/ena.ko", e->dir, places[i]);

                if (str_startswith(e->path, front))
                        return ORIGIN_KERNEL;
        }
        return below && str_startswith(below, "/weak-updates/") ? ORIGIN_WEAK : ORIGIN_ADDED;
}

/* The kernel's own driver, where another is loaded in its place: a path, or NULL. */
static char *find_shadowed(const struct ena *e)
{
        static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };

        for (size_t i = 0; i < ARRAY_SIZE(places); i++)
                for (size_t s = 0; s < ARRAY_SIZE(suffixes); s++) {
                        cleanup_free char *path = xasprintf("%s/kernel/drivers/%s/ena.ko%s", e->dir,
                                                            places[i], suffixes[s]);
                        struct stat st;

                        if (volume_stat(e->volume, path, &st, NULL) > 0 && S_ISREG(st.st_mode) &&
                            !streq(path, e->path))
                                return TAKE_PTR(path);
                }
        return NULL;
}

/* ---- whether the kernel takes it ------------------------------------------------------------- */

static char *find_info(const struct buf *file, const char *key)
{
        struct span section, value;

        if (modinfo_section(buf_span(file), ".modinfo", &section, NULL) <= 0 ||
            !modinfo_find(section, key, &value))
                return NULL;
        return span_dup(value);
}

/* The first module of the list that came with the kernel. */
static char *find_own_module(const struct ena *e)
{
        static const char list[] = "/drivers/nvme/modules";
        cleanup_free char *front = xasprintf("%s/kernel/", e->dir);

        for (size_t i = 0, n = facts_count(e->facts, list); i < n; i++) {
                cleanup_free char *fact = xasprintf("%s/%zu/path", list, i);
                const char *path = facts_str(e->facts, fact);

                if (path && str_startswith(path, front))
                        return xstrdup(path);
        }
        return NULL;
}

static void read_own(struct ena *e, const char *shadowed)
{
        cleanup_free char *other = shadowed ? NULL : find_own_module(e);
        const char *path = shadowed ? shadowed : other;
        struct err err = { 0 };

        if (!path || modulefile_read(e->volume, path, &e->own, &err) <= 0)
                return;
        e->own_vermagic = find_info(&e->own, "vermagic");
        /* One that is itself of another kernel tells nothing. */
        e->has_own = e->own_vermagic && str_startswith(e->own_vermagic, e->release) &&
                     strchr(" ", e->own_vermagic[strlen(e->release)]);
}

static bool has_word(const char *text, const char *word)
{
        size_t len = strlen(word);

        for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
                if ((at == text || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
                        return true;
        return false;
}

static _printf_(3, 4) void answer(struct ena *e, bool fits, const char *format, ...)
{
        cleanup_free char *text = NULL;
        va_list ap;

        va_start(ap, format);
        text = xvasprintf(format, ap);
        va_end(ap);
        facts_set_bool(e->facts, fits, "/ena/fits");
        facts_set_str(e->facts, text, "/ena/why");
}

static void unclear(struct ena *e, const char *text)
{
        facts_unknown(e->facts, "/ena/fits", e->path,
                      "it is built for %.*s, and %s, which starts next, takes it only if all "
                      "symbols it uses are the same there: %s",
                      (int)strcspn(e->vermagic, " "), e->vermagic, e->release, text);
}

static void compare_symbols(struct ena *e)
{
        struct modversions_diff diff;
        struct err err = { 0 };
        int r;

        if (!e->has_own) {
                unclear(e, "there is no module of that kernel to compare with");
                return;
        }
        r = modversions_compare(buf_span(&e->module), buf_span(&e->own), &diff, &err);
        if (r <= 0) {
                unclear(e, "the checksums of symbols cannot be compared");
        } else if (diff.differs.len > 0) {
                cleanup_free char *symbol = span_dup(diff.differs);

                answer(e, false, "the symbol %s is not the same there", symbol);
        } else if (diff.shared == diff.n) {
                answer(e, true, "all symbols it uses are the same there");
        } else {
                cleanup_free char *text =
                        xasprintf("of %zu only %zu could be compared", diff.n, diff.shared);

                unclear(e, text);
        }
}

static void judge(struct ena *e, enum origin origin)
{
        size_t first = strcspn(e->vermagic, " ");
        cleanup_free char *built_for = xmemdup0(e->vermagic, first);
        const char *rest = e->vermagic + first;
        bool same = streq(built_for, e->release);
        const char *own_rest = e->has_own ? e->own_vermagic + strlen(e->release) : NULL;

        facts_set_str(e->facts, built_for, "/ena/built_for");
        if (own_rest && !streq(rest, own_rest) && same)
                answer(e, false, "it is built with other settings than the kernel:%s", rest);
        else if (same)
                answer(e, true, "it is built for %s", built_for);
        else if (!has_word(rest, "modversions") || (own_rest && !streq(rest, own_rest)))
                answer(e, false, "it is built for %s", built_for);
        else if (origin == ORIGIN_WEAK)
                answer(e, true, "it is built for %s, and linked because it fits", built_for);
        else
                compare_symbols(e);
}

/* ---- its version ----------------------------------------------------------------------------- */

/* 2.2.10g is 2002010, to be compared; "g" is a build of the sources, "K" came with a kernel. */
static int64_t version_number(const char *version)
{
        unsigned part[3] = { 0 };

        sscanf(version, "%3u.%3u.%3u", &part[0], &part[1], &part[2]);
        return part[0] * 1000000LL + part[1] * 1000 + part[2];
}

/*
 * Kernels whose own driver has what ENAv3 wants without the version saying so: the table of the
 * document above, as `uname -r` has them, and Linux 5.9, which has the new mode of its queues:
 *   https://git.kernel.org/linus/0e3a3f6dacf0
 */
static const struct {
        const char *pattern, *first;
} v3_kernels[] = {
        { "4.14.*.amzn*", "4.14.186" },
        { "4.18.0-*.el8*", "4.18.0-240.1.1" },
        { "5.4.0-*-aws", "5.4.0-1025" },
        { "4.12.14-95.*", "4.12.14-95.99" },
        { "4.12.14-122.*", "4.12.14-122.116" },
        { "4.12.14-150000.*", "4.12.14-150000.150.92" },
        { "4.12.14-150100.*", "4.12.14-150100.197.114" },
        { "5.3.18-*", "5.3.18-24.15" },
        { "*", "5.9" },
};

static bool kernel_has_v3(const char *release)
{
        for (size_t i = 0; i < ARRAY_SIZE(v3_kernels); i++)
                if (fnmatch(v3_kernels[i].pattern, release, 0) == 0 &&
                    rpmvercmp(release, v3_kernels[i].first, false) >= 0)
                        return true;
        return false;
}

/*
 * Drivers of Linux since 5.7 have no version (1a63443afd70); all of them came after 2.1.
 *   https://git.kernel.org/linus/1a63443afd70
 */
static void publish_version(struct ena *e, enum origin origin, const char *version)
{
        int64_t number = version ? version_number(version) : 0;

        facts_set_str(e->facts, version, "/ena/version");
        facts_set_bool(e->facts, !version || number >= 1002000, "/ena/attaches_v3");
        facts_set_bool(e->facts,
                       number >= 2002009 || (origin == ORIGIN_KERNEL && kernel_has_v3(e->release)),
                       "/ena/supports_v3");
}

/* ---- DKMS ------------------------------------------------------------------------------------ */

#define DKMS         "/var/lib/dkms"
#define SETTINGS_MAX (64u << 10)

/* Any value but none means yes: dkms(8). NULL: there is no such line. */
static char *find_autoinstall(struct span text)
{
        struct lines lines = lines_of(text);
        struct shellvar var;
        char *found = NULL;

        while (shellvar_next(&lines, &var)) {
                if (!span_eq(var.name, "AUTOINSTALL")) {
                        free(var.value);
                        continue;
                }
                free(found);
                found = var.value;
        }
        return found;
}

static void publish_autoinstall(struct ena *e, const char *name, const char *version)
{
        cleanup_free char *path = xasprintf("/usr/src/%s-%s/dkms.conf", name, version);
        cleanup_blob struct blob blob = { 0 };
        cleanup_free char *value = NULL;
        struct err err = { 0 };
        int r = volume_read(e->volume, path, SETTINGS_MAX, &blob, &err);

        if (r < 0) {
                facts_unknown(e->facts, "/ena/dkms/autoinstall", path, "%s", err.text);
                return;
        }
        value = r > 0 ? find_autoinstall(blob_span(&blob)) : NULL;
        facts_set_bool(e->facts, value && *value, "/ena/dkms/autoinstall");
}

/* Directories NAME/VERSION/RELEASE, https://manpages.debian.org/bookworm/dkms/dkms.8.en.html */
static void publish_dkms(struct ena *e, const char *name, const char *version)
{
        cleanup_free char *dir = xasprintf(DKMS "/%s/%s", name, version);
        cleanup_free char *built = xasprintf("%s/%s", dir, e->release);
        cleanup_free char *text = xasprintf("%s %s", name, version);
        struct err err = { 0 };
        struct stat st;
        int r = volume_stat(e->volume, built, &st, &err);

        facts_set_evidence(e->facts, "/ena/dkms", dir, 0, span_of(text));
        facts_set_str(e->facts, name, "/ena/dkms/name");
        facts_set_str(e->facts, version, "/ena/dkms/version");
        if (r >= 0)
                facts_set_bool(e->facts, r > 0, "/ena/dkms/built");
        else
                facts_unknown(e->facts, "/ena/dkms/built", built, "%s", err.text);
        publish_autoinstall(e, name, version);
}

static bool is_ena_package(const char *name)
{
        return streq(name, "amzn-drivers") || streq(name, "ena") || str_startswith(name, "ena-") ||
               str_startswith(name, "amzn-ena");
}

/* The newest of the sources of the driver that DKMS has. */
static void look_at_dkms(struct ena *e)
{
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *best = NULL, *best_name = NULL;
        struct err err = { 0 };
        const char *file = DKMS;
        int r = volume_list(e->volume, DKMS, &names, &err);

        for (size_t i = 0; i < names.n && r >= 0; i++) {
                cleanup_free char *dir = xasprintf(DKMS "/%s", names.v[i]);
                cleanup_strv struct strv versions = { 0 };
                struct stat st;

                if (!is_ena_package(names.v[i]))
                        continue;
                r = volume_list(e->volume, dir, &versions, &err);
                for (size_t k = 0; k < versions.n; k++) {
                        cleanup_free char *path = xasprintf("%s/%s", dir, versions.v[k]);

                        /* Beside them are links, "kernel-RELEASE-ARCH". */
                        if (!ascii_isdigit(*versions.v[k]) ||
                            volume_stat(e->volume, path, &st, NULL) <= 0 || !S_ISDIR(st.st_mode) ||
                            (best && rpmvercmp(versions.v[k], best, false) <= 0))
                                continue;
                        free(best);
                        free(best_name);
                        best = xstrdup(versions.v[k]);
                        best_name = xstrdup(names.v[i]);
                }
        }
        if (r < 0)
                facts_unknown(e->facts, "/ena/dkms", file, "%s", err.text);
        else if (best)
                publish_dkms(e, best_name, best);
        else
                facts_set_null(e->facts, "/ena/dkms");
}

/* ---------------------------------------------------------------------------------------------- */

static void ena_done(struct ena *e)
{
        buf_done(&e->module);
        buf_done(&e->own);
        free(e->vermagic);
        free(e->own_vermagic);
}

static void publish_no_module(struct ena *e, bool builtin)
{
        static const char *const nulls[] = { "path", "origin", "in_tree", "fits", "why" };

        for (size_t i = 0; i < ARRAY_SIZE(nulls); i++)
                facts_set_null(e->facts, "/ena/%s", nulls[i]);
        if (builtin && kernel_has_v3(e->release)) {
                facts_set_null(e->facts, "/ena/version");
                facts_set_bool(e->facts, true, "/ena/attaches_v3");
                facts_set_bool(e->facts, true, "/ena/supports_v3");
        } else if (builtin) {
                facts_unknown(e->facts, "/ena", NULL,
                              "which version the driver built into kernel %s is, is not known",
                              e->release);
        } else {
                facts_set_null(e->facts, "/ena/version");
                facts_set_null(e->facts, "/ena/attaches_v3");
                facts_set_null(e->facts, "/ena/supports_v3");
        }
}

/* 1: read, with its vermagic; else an error with a text. */
static int read_driver(struct ena *e, struct err *err)
{
        struct span section, value;
        int r = modulefile_read(e->volume, e->path, &e->module, err);

        if (r == 0)
                return err_set(err, -ENOENT, "there is no such file");
        if (r > 0)
                r = modinfo_section(buf_span(&e->module), ".modinfo", &section, err);
        if (r < 0)
                return r;
        if (r == 0 || !modinfo_find(section, "vermagic", &value))
                return err_set(err, -EINVAL,
                               "the module does not say for which kernel it is built");
        e->vermagic = span_dup(value);
        return 1;
}

/* It need not be unpacked, which takes longer than all of this probe, to say that it is good. */
static void publish_home(struct ena *e)
{
        facts_set_evidence(e->facts, "/ena", e->path, 0, SPAN("it came with the kernel"));
        facts_set_bool(e->facts, true, "/ena/attaches_v3");
        facts_set_bool(e->facts, true, "/ena/supports_v3");
        facts_unknown(e->facts, "/ena/version", e->path,
                      "what came with kernel %s is new enough, and not read", e->release);
        answer(e, true, "it came with the kernel");
}

static void look_at_module(struct ena *e)
{
        enum origin origin = find_origin(e);
        cleanup_free char *shadowed = origin == ORIGIN_KERNEL ? NULL : find_shadowed(e);
        cleanup_free char *version = NULL, *text = NULL;
        struct err err = { 0 };

        facts_set_str(e->facts, e->path, "/ena/path");
        facts_set_str(e->facts, origin_names[origin], "/ena/origin");
        facts_set_str(e->facts, shadowed, "/ena/in_tree");
        if (origin == ORIGIN_KERNEL && kernel_has_v3(e->release)) {
                publish_home(e);
                return;
        }
        if (read_driver(e, &err) < 0) {
                facts_unknown(e->facts, "/ena", e->path, "%s", err.text);
                return;
        }
        version = find_info(&e->module, "version");
        text = xasprintf("%s%svermagic=%s", version ? version : "", version ? ", " : "",
                         e->vermagic);
        facts_set_evidence(e->facts, "/ena", e->path, 0, span_of(text));
        publish_version(e, origin, version);
        if (origin != ORIGIN_KERNEL || !has_word(e->vermagic, e->release))
                read_own(e, shadowed);
        judge(e, origin);
}

static void run_ena(struct probe_context *context)
{
        _cleanup_(ena_done) struct ena e = {
                .volume = context->volume,
                .facts = context->facts,
                .release = facts_str(context->facts, "/boot/kernel/release"),
                .dir = facts_str(context->facts, "/drivers/dir"),
                .path = facts_str(context->facts, "/drivers/ena/modules/0/path"),
        };
        const char *state = facts_str(e.facts, "/drivers/ena/state"), *file = NULL;

        if (!state || !e.release || !e.dir) {
                const char *why = facts_why_unknown(e.facts, "/drivers/ena/state", &file);

                facts_unknown(e.facts, "/ena", file,
                              "which ENA driver starts next is not known%s%s", why ? ": " : "",
                              why ? why : "");
                return;
        }
        look_at_dkms(&e);
        if (streq(state, "module") && e.path)
                look_at_module(&e);
        else
                publish_no_module(&e, streq(state, "builtin"));
}

static const struct fact_decl ena_facts[] = {
        { "/ena/file", FACT_STRING, "the module" },
        { "/ena/line", FACT_INT, "0" },
        { "/ena/text", FACT_STRING, "what it says of itself" },
        { "/ena/path", FACT_STRING, "the module the kernel loads; null: built in, or none" },
        { "/ena/origin", FACT_STRING, "kernel (it came with it), weak-updates or added" },
        { "/ena/in_tree", FACT_STRING,
          "the kernel's own driver, when another is loaded in its place; null: it has none" },
        { "/ena/version", FACT_STRING, "as 2.2.10g; null: it says none" },
        { "/ena/built_for", FACT_STRING, "kernel release it was built for" },
        { "/ena/fits", FACT_BOOL, "the kernel takes it; null: it is no module" },
        { "/ena/why", FACT_STRING, "why it does, or does not" },
        { "/ena/attaches_v3", FACT_BOOL, "it is 1.2 or later: cards of Nitro v4 work at all" },
        { "/ena/supports_v3", FACT_BOOL, "it knows the cards of Nitro v4 and later" },
        { "/ena/dkms", FACT_OBJECT, "newest sources of the driver DKMS has; null: none" },
        { "/ena/dkms/file", FACT_STRING, "their directory" },
        { "/ena/dkms/line", FACT_INT, "0" },
        { "/ena/dkms/text", FACT_STRING, "name and version" },
        { "/ena/dkms/name", FACT_STRING, "name, as dkms has it" },
        { "/ena/dkms/version", FACT_STRING, "version, as dkms has it" },
        { "/ena/dkms/built", FACT_BOOL, "built for the kernel that starts next" },
        { "/ena/dkms/autoinstall", FACT_BOOL, "DKMS builds it for each new kernel" },
        {}
};

const struct probe probe_ena = {
        .name = "ena",
        .needs = PROBE_NEEDS("boot", "drivers"),
        .provides = ena_facts,
        .run = run_ena,
};
