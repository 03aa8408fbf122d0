/*
 * Disks that units of systemd name: What= of mounts and swap, dependencies on their device units,
 * conditions, and names of units that are made of them; and whether anything at boot needs such a
 * unit.
 *   https://www.freedesktop.org/software/systemd/man/latest/systemd.mount.html
 *   https://www.freedesktop.org/software/systemd/man/latest/systemd.device.html
 *   Of the targets only local-fs.target starts emergency.target when it fails; basic.target needs
 *   sysinit.target, and with default dependencies everything needs basic.target.
 * What services run is not looked at here: programs that are given names.
 */
#include <errno.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/inifile.h"
#include "parse/unitname.h"
#include "probe/names.h"
#include "probe/shared.h"
#include "probe/udevlinks.h"

#define LIST         "/units/devices"
#define UNITS_MAX    2000 /* files that are read */
#define EDGES_MAX    20000
#define DROP_INS_MAX 20 /* of one mount */

/* From what counts most to what counts least. */
static const char *const dirs[] = {
        "/etc/systemd/system",
        "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system",
        "/lib/systemd/system",
};

/* One unit starts when another does; `strong`: and the other fails without it. */
struct edge {
        char *from, *to;
        bool strong;
};

struct scan {
        struct probe_context *context;
        struct strv seen; /* units whose file counts */
        struct edge *edges;
        size_t n_edges, cap_edges;
        size_t n_read;
};

static bool has_suffix(const char *name, const char *const *suffixes)
{
        for (; *suffixes; suffixes++)
                if (str_endswith(name, *suffixes))
                        return true;
        return false;
}

static void add_edge(struct scan *s, const char *from, const char *to, bool strong)
{
        if (s->n_edges < EDGES_MAX)
                *ARRAY_PUSH(&s->edges, &s->n_edges, &s->cap_edges) =
                        (struct edge){ xstrdup(from), xstrdup(to), strong };
}

/* ---- names in one file ---- */

struct unit {
        const char *name, *file;
        const struct inifile *ini;
        bool is_drop_in;
};

/*
 * Below /dev is more than disks: /dev/kvm, /dev/hvc0. Where nothing but the name tells, a name that
 * no udev rule makes is not one of a disk; and one of a template is none yet.
 */
static bool is_no_disk(struct scan *s, const char *role, const char *value)
{
        return strchr(value, '%') ||
               (!streq(role, "What") && devname_classify(span_of(value)) == DEVNAME_OTHER &&
                udevlinks_find(shared_links(s->context), value, DEVNAME_OTHER).fate ==
                        UDEVLINK_UNEXPLAINED);
}

static void publish_name(struct scan *s, const struct unit *u, const char *role, const char *value,
                         size_t line, struct span text, enum name_form form, const char *type)
{
        struct name_use use = {
                .list = LIST,
                .file = u->file,
                .line = line,
                .text = text,
                .value = value,
                .role = role,
                .type = type,
                .form = form,
        };
        cleanup_free char *path = NULL;

        if ((str_startswith(value, "/dev/") || strchr(value, '=')) && !is_no_disk(s, role, value))
                path = names_publish(s->context, &use);
        if (path)
                facts_set_str(s->context->facts, u->name, "%s/unit", path);
}

/* A drop-in of the administrator's that says What= counts, and not the unit's own file. */
static bool is_overridden(struct scan *s, const char *unit, const char *section)
{
        cleanup_free char *dir = xasprintf("%s/%s.d", dirs[0], unit);
        cleanup_strv struct strv files = { 0 };

        volume_list(s->context->volume, dir, &files, NULL);
        for (size_t i = 0; i < files.n && i < DROP_INS_MAX; i++) {
                cleanup_free char *file = xasprintf("%s/%s", dir, files.v[i]);
                cleanup_inifile struct inifile ini = { 0 };
                cleanup_blob struct blob blob = { 0 };

                if (str_endswith(files.v[i], ".conf") &&
                    volume_read(s->context->volume, file, INIFILE_MAX, &blob, NULL) > 0 &&
                    inifile_parse(blob_span(&blob), INIFILE_SYSTEMD, &ini, NULL) == 0 &&
                    inifile_find(&ini, section, "What"))
                        return true;
        }
        return false;
}

static void look_at_what(struct scan *s, const struct unit *u, const char *section)
{
        const struct inifile_pair *what = inifile_find(u->ini, section, "What");
        const struct inifile_pair *type = inifile_find(u->ini, section, "Type");
        bool is_mount = streq(section, "Mount");

        if (what && *what->value && (u->is_drop_in || !is_overridden(s, u->name, section)))
                publish_name(s, u, "What", what->value, what->line, what->text,
                             is_mount ? NAME_AS_TAG : NAME_AS_IS, type ? type->value : NULL);
}

static void look_at_dependency(struct scan *s, const struct unit *u, const struct inifile_pair *p)
{
        static const char *const strong[] = { "Requires", "BindsTo", "Requisite" };
        bool is_strong = false, known = streq(p->key, "Wants");
        const char *at = p->value;

        for (size_t i = 0; i < ARRAY_SIZE(strong); i++)
                is_strong |= streq(p->key, strong[i]);
        if (!is_strong && !known)
                return;
        while (*(at += strspn(at, " \t"))) {
                size_t n = strcspn(at, " \t");
                cleanup_free char *word = xmemdup0(at, n);
                cleanup_free char *path = unitname_to_path((struct span){ at, n }, ".device");

                if (path && is_strong)
                        publish_name(s, u, p->key, path, p->line, p->text, NAME_AS_IS, NULL);
                else if (!path)
                        add_edge(s, u->name, word, is_strong);
                at += n;
        }
}

static void look_at_condition(struct scan *s, const struct unit *u, const struct inifile_pair *p)
{
        if (streq(p->key, "ConditionPathExists") || streq(p->key, "AssertPathExists"))
                publish_name(s, u, p->key, p->value + strspn(p->value, "!|"), p->line, p->text,
                             NAME_AS_IS, NULL);
}

static void look_at_file(struct scan *s, const char *name, const char *file, bool is_drop_in)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct unit u = { name, file, &ini, is_drop_in };
        struct err err = { 0 };
        int r;

        if (s->n_read++ >= UNITS_MAX) {
                facts_unknown(s->context->facts, LIST, NULL, "there are more units than are read");
                return;
        }
        r = volume_read(s->context->volume, file, INIFILE_MAX, &blob, &err);
        if (r > 0)
                r = inifile_parse(blob_span(&blob), INIFILE_SYSTEMD, &ini, &err) < 0 ? -EINVAL : 1;
        if (r < 0)
                facts_unknown(s->context->facts, LIST, file, "%s", err.text);
        if (r <= 0)
                return;
        if (str_endswith(name, ".mount"))
                look_at_what(s, &u, "Mount");
        if (str_endswith(name, ".swap"))
                look_at_what(s, &u, "Swap");
        for (size_t i = 0; i < ini.n; i++)
                if (streq(ini.v[i].section, "Unit")) {
                        look_at_dependency(s, &u, &ini.v[i]);
                        look_at_condition(s, &u, &ini.v[i]);
                }
}

/* ---- directories ---- */

/* A unit that is linked into X.wants or X.requires; NULL: the directory is neither. */
static char *owner_of(const char *dir, bool *ret_strong)
{
        *ret_strong = str_endswith(dir, ".requires");
        if (!*ret_strong && !str_endswith(dir, ".wants"))
                return NULL;
        return xmemdup0(dir, strlen(dir) - strlen(*ret_strong ? ".requires" : ".wants"));
}

static void look_at_links(struct scan *s, const char *path, const char *name)
{
        bool strong;
        cleanup_free char *owner = owner_of(name, &strong), *device = NULL;
        cleanup_strv struct strv links = { 0 };

        if (!owner || volume_list(s->context->volume, path, &links, NULL) <= 0)
                return;
        device = unitname_to_path(span_of(owner), ".device");
        for (size_t i = 0; i < links.n; i++) {
                struct unit u = { links.v[i], path, NULL, false };

                if (device)
                        publish_name(s, &u, "started-by", device, 0, span_of(links.v[i]),
                                     NAME_AS_IS, NULL);
                else
                        add_edge(s, owner, links.v[i], strong);
        }
}

static void look_at_drop_ins(struct scan *s, const char *path, const char *name)
{
        cleanup_free char *unit = xmemdup0(name, strlen(name) - strlen(".d"));
        cleanup_strv struct strv files = { 0 };

        if (volume_list(s->context->volume, path, &files, NULL) <= 0)
                return;
        for (size_t i = 0; i < files.n; i++) {
                cleanup_free char *file = xasprintf("%s/%s", path, files.v[i]);

                if (str_endswith(files.v[i], ".conf"))
                        look_at_file(s, unit, file, true);
        }
}

/* Not a mask, nor an alias, nor a unit of a package that is enabled. */
static bool is_elsewhere(const char *target)
{
        return target[0] == '/' && !str_startswith(target, "/dev/") &&
               !str_startswith(target, "/usr/lib/") && !str_startswith(target, "/lib/");
}

/*
 * Of the directories of packages only mounts and swap are read, and no services: what comes with a
 * distribution names no disk of this machine.
 */
static void look_at_entry(struct scan *s, const char *dir, const char *name, bool is_own)
{
        static const char *const files[] = { ".mount", ".swap", ".service",   ".target", ".socket",
                                             ".timer", ".path", ".automount", NULL };
        static const char *const mounts[] = { ".mount", ".swap", NULL };
        cleanup_free char *path = xasprintf("%s/%s", dir, name), *target = NULL;

        if (str_endswith(name, ".wants") || str_endswith(name, ".requires")) {
                look_at_links(s, path, name);
        } else if (str_endswith(name, ".d")) {
                if (is_own)
                        look_at_drop_ins(s, path, name);
        } else if (has_suffix(name, is_own ? files : mounts) && !strv_contains(&s->seen, name)) {
                if (s->seen.n < UNITS_MAX)
                        strv_push(&s->seen, name);
                if (volume_readlink(s->context->volume, path, &target, NULL) <= 0 ||
                    is_elsewhere(target))
                        look_at_file(s, name, path, false);
        }
}

static void look_at_dir(struct scan *s, size_t which)
{
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *merged = NULL;
        struct err err = { 0 };
        bool is_own = which < 2;

        /* The same directory once more. */
        if (which == ARRAY_SIZE(dirs) - 1 &&
            volume_readlink(s->context->volume, "/lib", &merged, NULL) > 0)
                return;
        if (volume_list(s->context->volume, dirs[which], &names, &err) < 0) {
                facts_unknown(s->context->facts, LIST, dirs[which], "%s", err.text);
                return;
        }
        for (size_t i = 0; i < names.n; i++)
                look_at_entry(s, dirs[which], names.v[i], is_own);
}

/* ---- what happens ---- */

/* The units that edges speak of, each with a number, and the edges by where they lead. */
struct graph {
        struct strv names; /* sorted */
        struct edge *edges;
        size_t n_edges;
};

static int compare_names(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_edges(const void *a, const void *b)
{
        return strcmp(((const struct edge *)a)->to, ((const struct edge *)b)->to);
}

static void graph_init(struct graph *g, struct scan *s)
{
        size_t n = 0;

        *g = (struct graph){ .edges = s->edges, .n_edges = s->n_edges };
        for (size_t i = 0; i < s->n_edges; i++) {
                strv_push(&g->names, s->edges[i].from);
                strv_push(&g->names, s->edges[i].to);
        }
        strv_sort(&g->names);
        for (size_t i = 0; i < g->names.n; i++) {
                if (n > 0 && streq(g->names.v[n - 1], g->names.v[i]))
                        free(g->names.v[i]);
                else
                        g->names.v[n++] = g->names.v[i];
        }
        g->names.n = n;
        if (g->n_edges > 0)
                qsort(g->edges, g->n_edges, sizeof(*g->edges), compare_edges);
}

/* The number of a unit; names.n: nothing is known of it. */
static size_t graph_find(const struct graph *g, const char *name)
{
        char **found = g->names.n ? bsearch(&name, g->names.v, g->names.n, sizeof(*g->names.v),
                                            compare_names)
                                  : NULL;

        return found ? (size_t)(found - g->names.v) : g->names.n;
}

/* The first edge that leads to the unit, or behind the last. */
static size_t first_edge_to(const struct graph *g, const char *name)
{
        size_t low = 0, high = g->n_edges;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strcmp(g->edges[middle].to, name) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* Marks whatever pulls in the unit, by strong edges only or by all; `in` has one for each name. */
static void close_over(const struct graph *g, size_t unit, bool strong, bool *in)
{
        cleanup_free size_t *stack = xcalloc(g->names.n + 1, sizeof(*stack));
        size_t depth = 0;

        memset(in, 0, g->names.n);
        if (unit == g->names.n)
                return;
        in[unit] = true;
        stack[depth++] = unit;
        while (depth > 0) {
                const char *name = g->names.v[stack[--depth]];

                for (size_t i = first_edge_to(g, name);
                     i < g->n_edges && streq(g->edges[i].to, name); i++) {
                        size_t from = graph_find(g, g->edges[i].from);

                        if (in[from] || (strong && !g->edges[i].strong))
                                continue;
                        in[from] = true;
                        stack[depth++] = from;
                }
        }
}

static bool has_target(const struct graph *g, const bool *in)
{
        for (size_t i = 0; i < g->names.n; i++)
                if (in[i] && str_endswith(g->names.v[i], ".target"))
                        return true;
        return false;
}

static bool has_unit(const struct graph *g, const bool *in, const char *name)
{
        size_t i = graph_find(g, name);

        return i < g->names.n && in[i];
}

static void set_effect(struct facts *f, const char *path, const char *name, char *text)
{
        facts_set_str(f, name, "%s/effect", path);
        facts_set_str(f, text, "%s/effect_text", path);
        free(text);
}

/* A condition that does not hold, or a device that does not come, starts nothing and fails nothing.
 */
static bool is_only_skipped(const char *role)
{
        return streq(role, "ConditionPathExists") || streq(role, "started-by");
}

static void publish_effect(struct facts *f, const struct graph *g, const char *path,
                           const char *unit, const char *role)
{
        cleanup_free bool *needs = xcalloc(g->names.n + 1, sizeof(*needs));
        cleanup_free bool *starts = xcalloc(g->names.n + 1, sizeof(*starts));
        size_t number = graph_find(g, unit);

        close_over(g, number, true, needs);
        close_over(g, number, false, starts);
        if (is_only_skipped(role))
                set_effect(f, path, "degraded",
                           xasprintf("%s is not started, or it is where it should not be, and "
                                     "nothing else fails.",
                                     unit));
        else if (has_unit(g, needs, "local-fs.target"))
                set_effect(f, path, "emergency",
                           xasprintf("local-fs.target needs %s: systemd waits 90 seconds for the "
                                     "disk, then stops in emergency mode, without network.",
                                     unit));
        else if (has_unit(g, needs, "sysinit.target") || has_unit(g, needs, "basic.target"))
                set_effect(f, path, "emergency",
                           xasprintf("%s fails, and with it basic.target, which every service "
                                     "needs: there is no network and no ssh.",
                                     unit));
        else if (has_target(g, starts))
                set_effect(f, path, "degraded",
                           xasprintf("%s fails after 90 seconds of waiting for the disk, and what "
                                     "needs it does not start; the rest of the boot goes on.",
                                     unit));
        else
                set_effect(f, path, "harmless",
                           xasprintf("Nothing that is seen here starts %s at boot.", unit));
}

static void publish_effects(struct scan *s)
{
        struct facts *f = s->context->facts;
        size_t n = facts_count(f, LIST);
        struct graph g;

        graph_init(&g, s);
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *path = xasprintf(LIST "/%zu", i);
                cleanup_free char *unit = xasprintf("%s/unit", path);
                cleanup_free char *role = xasprintf("%s/role", path);

                publish_effect(f, &g, path, facts_str(f, unit), facts_str(f, role));
        }
        strv_done(&g.names);
}

static void run_units(struct probe_context *context)
{
        const char *init = facts_str(context->facts, "/os/init");
        struct scan s = { .context = context };

        facts_set_array(context->facts, LIST);
        if (init && !streq(init, "systemd"))
                return;
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                look_at_dir(&s, i);
        if (facts_count(context->facts, LIST) > 0)
                publish_effects(&s);
        for (size_t i = 0; i < s.n_edges; i++) {
                free(s.edges[i].from);
                free(s.edges[i].to);
        }
        free(s.edges);
        strv_done(&s.seen);
}

static const struct fact_decl units_facts[] = {
        { LIST, FACT_ARRAY, "disks that units of systemd name" },
        NAMES_FACTS(LIST),
        { LIST "/*/unit", FACT_STRING, "the unit whose business it is" },
        { LIST "/*/effect", FACT_STRING, "without the disk: emergency, degraded or harmless" },
        { LIST "/*/effect_text", FACT_STRING, "the same as a sentence" },
        {}
};

const struct probe probe_units = {
        .name = "units",
        .needs = PROBE_NEEDS("os", "fstab"),
        .provides = units_facts,
        .run = run_units,
};
