/*
 * Whether the other entries of the boot menu would come up on Nitro. Each is looked at by the same
 * probes as the entry that starts next, over a tree of facts of its own in which it is the next;
 * what they find is summed up in one problem, or none.
 */
#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "probe/boot.h"
#include "probe/bootparam.h"

/* Initial RAM disks unpacked beside that of the next entry: each takes as long as the whole check.
 */
#define OTHERS_IMAGES_MAX 4

struct look {
        struct facts *facts; /* the entry's own */
        char *kernel;        /* release, NULL: not known */
        char *images;        /* paths of its image files, NULL: not known */
        bool image_read;
};

struct others {
        struct probe_context *context;
        struct facts *facts;
        struct look v[BOOTMENU_OTHERS_MAX + 1]; /* the first is the entry that starts next */
        size_t n, images;
};

/* ---- a tree of its own ----------------------------------------------------------------------- */

/* The image files of /boot/entry in one text. */
static char *list_images(const struct facts *f)
{
        size_t n = facts_count(f, "/boot/entry/initrd");
        struct json_object *node;
        struct buf b = { 0 };

        if (facts_get(f, "/boot/entry/initrd", &node) < 0)
                return NULL;
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *path = xasprintf("/boot/entry/initrd/%zu/path", i);

                buf_printf(&b, "%s\n", facts_str(f, path));
        }
        return buf_take(&b);
}

static struct look *add_look(struct others *o, struct facts *f)
{
        struct look *l = &o->v[o->n++];
        const char *release = facts_str(f, "/boot/kernel/release");

        *l = (struct look){ f, release ? xstrdup(release) : NULL, list_images(f), false };
        return l;
}

/* The entry `node` as if it were started next. */
static struct facts *make_tree(const struct facts *f, const char *node)
{
        cleanup_free char *release = xasprintf("%s/kernel/release", node);
        struct facts *own = facts_new();
        const char *cmdline;

        facts_copy(own, "/boot/entry", f, node);
        facts_copy(own, "/boot/kernel/release", f, release);
        cmdline = facts_str(own, "/boot/entry/cmdline");
        if (cmdline)
                boot_publish_params(own, cmdline, bootparam_place(own).file,
                                    bootparam_place(own).line);
        return own;
}

/* An entry before it with the same kernel, and with `images` the same images that were read. */
static const struct look *find_same(const struct others *o, const struct look *l, bool images)
{
        for (const struct look *before = o->v; before < l; before++)
                if (l->kernel && streq(before->kernel, l->kernel) &&
                    (!images || (before->image_read && streq(before->images, l->images))))
                        return before;
        return NULL;
}

static void look_at_drivers(struct others *o, struct look *l, struct probe_context *context)
{
        const struct look *same = find_same(o, l, false);

        if (same)
                facts_copy(l->facts, "/drivers", same->facts, "/drivers");
        else
                probe_run("drivers", context);
}

static void look_at_image(struct others *o, struct look *l, struct probe_context *context)
{
        const struct look *same = find_same(o, l, true);

        if (same) {
                facts_copy(l->facts, "/initramfs", same->facts, "/initramfs");
        } else if (*l->images && o->images == OTHERS_IMAGES_MAX) {
                facts_unknown(l->facts, "/initramfs", NULL,
                              "of the other entries' initial RAM disks only %d are read",
                              OTHERS_IMAGES_MAX);
                return;
        } else {
                o->images += *l->images != '\0';
                probe_run("initramfs", context);
        }
        l->image_read = true;
}

/* The first image file that is not there, in *ret; 0: none, or not known. */
static int find_missing_image(const struct others *o, const struct facts *f, const char **ret)
{
        size_t n = facts_count(f, "/boot/entry/initrd");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *path = xasprintf("/boot/entry/initrd/%zu/path", i);
                struct stat st;

                *ret = facts_str(f, path);
                if (*ret && volume_stat(o->context->volume, *ret, &st, NULL) == 0)
                        return 1;
        }
        return 0;
}

/* An image is not unpacked where its content cannot matter. */
static void look_around_image(struct others *o, struct look *l, const char *driver)
{
        const char *missing;

        if (find_missing_image(o, l->facts, &missing)) {
                facts_set_str(l->facts, "missing", "/initramfs/state");
                facts_set_evidence(l->facts, "/initramfs", missing, 0,
                                   SPAN("there is no such file"));
        } else {
                facts_set_str(l->facts, *l->images ? "unread" : "none", "/initramfs/state");
        }
        facts_set_str(l->facts, streq(driver, "builtin") ? driver : NULL, "/initramfs/nvme/state");
}

static void look_at_entry(struct others *o, struct look *l)
{
        struct probe_context context = *o->context;
        const char *driver;

        context.facts = l->facts;
        context.shared = NULL; /* what is shared is about the entry that starts next */
        probe_run("cmdline", &context);
        look_at_drivers(o, l, &context);
        driver = facts_str(l->facts, "/drivers/nvme/state");
        if (!l->kernel)
                facts_copy(l->facts, "/initramfs", l->facts, "/boot/kernel/release");
        else if (!l->images)
                facts_copy(l->facts, "/initramfs", l->facts, "/boot/entry/initrd");
        else if (streq(driver, "builtin") || streq(driver, "missing") || streq(driver, "broken"))
                look_around_image(o, l, driver);
        else
                look_at_image(o, l, &context);
        probe_run("blacklist", &context);
}

/* ---- what is wrong with it ------------------------------------------------------------------- */

struct problem {
        const char *kind; /* NULL: none was found */
        char *message;
        char *place;   /* where its evidence stands, in the entry's own tree */
        char *unknown; /* the first path that is not known; NULL: all are */
};

static void problem_done(struct problem *p)
{
        free(p->message);
        free(p->place);
        free(p->unknown);
}

/* The string there; NULL for anything else, and what is missing is noted. */
static const char *ask(const struct facts *f, struct problem *p, const char *path)
{
        struct json_object *node;

        if (facts_get(f, path, &node) < 0 && !p->unknown)
                p->unknown = xstrdup(path);
        return facts_str(f, path);
}

/* Takes over `message`. */
static void set_problem(struct problem *p, const char *kind, const char *place, char *message)
{
        p->kind = kind;
        p->place = xstrdup(place);
        p->message = message;
}

static bool is_in(const char *const *list, const char *value)
{
        for (; *list; list++)
                if (streq(*list, value))
                        return true;
        return false;
}

static void check_files(const struct facts *f, struct problem *p)
{
        struct json_object *present;

        if (facts_get(f, "/boot/entry/kernel/present", &present) < 0)
                p->unknown = xstrdup("/boot/entry/kernel/path");
        else if (!facts_bool(f, "/boot/entry/kernel/present", false))
                set_problem(p, "kernel-gone", "/boot/entry/kernel",
                            xasprintf("its kernel %s is not there",
                                      facts_str(f, "/boot/entry/kernel/path")));
        else if (ask(f, p, "/boot/kernel/release") &&
                 streq(facts_str(f, "/initramfs/state"), "missing"))
                set_problem(p, "image-gone", "/initramfs",
                            xasprintf("its initramfs %s is not there",
                                      facts_str(f, "/initramfs/file")));
}

/* Without an initramfs the kernel itself has to find the root; it knows PARTUUID= alone. */
static bool is_root_for_image(const char *kind, const char *value)
{
        return (streq(kind, "tag") && !str_startswith(value, "PARTUUID=")) || streq(kind, "link");
}

static void check_root(const struct facts *f, struct problem *p)
{
        static const char *const gone[] = { "xen", "scsi", "ide", "xen-by-path", NULL };
        static const char *const unclear[] = { "other", "by-path", NULL };
        const char *kind = facts_str(f, "/cmdline/root/kind"), *value;
        struct json_object *root;

        if (facts_get(f, "/cmdline/root", &root) == 0)
                return;
        value = ask(f, p, "/cmdline/root/value");
        if (!value)
                return;
        if (is_in(gone, kind))
                set_problem(p, "root", "/cmdline/root",
                            xasprintf("it is told root=%s, a name that Nitro lacks", value));
        else if (streq(facts_str(f, "/cmdline/root/resolves"), "no"))
                set_problem(p, "root", "/cmdline/root",
                            xasprintf("it is told root=%s, which no disk has", value));
        else if (is_root_for_image(kind, value) && streq(facts_str(f, "/initramfs/state"), "none"))
                set_problem(p, "root", "/cmdline/root",
                            xasprintf("it has no initramfs, and without one the kernel does not "
                                      "understand root=%s",
                                      value));
        else if (is_in(unclear, kind) && !p->unknown)
                p->unknown = xstrdup("/cmdline/root/means");
}

static void check_driver(const struct facts *f, struct problem *p)
{
        const char *state = ask(f, p, "/drivers/nvme/state");
        const char *release = facts_str(f, "/boot/kernel/release");

        if (streq(state, "missing"))
                set_problem(p, "driver", "/drivers/nvme",
                            xasprintf("its kernel %s has no NVMe driver", release));
        else if (streq(state, "broken"))
                set_problem(p, "driver", "/drivers/nvme",
                            xasprintf("a part of the NVMe driver of its kernel %s is not there",
                                      release));
        else if (streq(state, "module") && streq(facts_str(f, "/initramfs/state"), "none"))
                set_problem(p, "no-image", "/boot/entry/kernel",
                            xasprintf("the NVMe driver of its kernel %s is a module, and it has "
                                      "no initramfs to load it",
                                      release));
}

static void check_image(const struct facts *f, struct problem *p)
{
        const char *state = ask(f, p, "/initramfs/state");
        const char *inside = ask(f, p, "/initramfs/nvme/state");

        if (streq(state, "damaged") || streq(state, "empty"))
                set_problem(p, "image", "/initramfs", xasprintf("its initramfs is %s", state));
        else if (streq(inside, "missing"))
                set_problem(p, "image", "/initramfs/nvme",
                            xstrdup("its initramfs has no NVMe driver"));
        else if (streq(inside, "broken"))
                set_problem(p, "image", "/initramfs/nvme",
                            xstrdup("its initramfs has the NVMe driver, but not all it needs"));
}

/* A machine that cannot be reached is as good as one that does not start. */
static void check_network(const struct facts *f, struct problem *p)
{
        const char *state = ask(f, p, "/drivers/ena/state");

        if (streq(state, "missing") || streq(state, "broken"))
                set_problem(p, "ena", "/drivers/ena",
                            xasprintf("its kernel %s has no driver for ENA network cards",
                                      facts_str(f, "/boot/kernel/release")));
}

/* A line on the root alone counts where no image stands before it. */
static void check_blacklist(const struct facts *f, struct problem *p)
{
        bool image = !streq(facts_str(f, "/initramfs/state"), "none");
        size_t n = facts_count(f, "/blacklist/nvme");
        const char *file;

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *line = xasprintf("/blacklist/nvme/%zu", i);
                cleanup_free char *blocks = xasprintf("%s/blocks", line);
                cleanup_free char *where = xasprintf("%s/where", line);
                cleanup_free char *module = xasprintf("%s/module", line);
                struct json_object *node;

                if (image && streq(facts_str(f, where), "root"))
                        continue;
                if (facts_get(f, blocks, &node) < 0 && !p->unknown)
                        p->unknown = xstrdup(blocks);
                if (!facts_bool(f, blocks, false))
                        continue;
                set_problem(p, "blacklist", line,
                            xasprintf("the module %s is kept from loading", facts_str(f, module)));
                return;
        }
        if (facts_why_incomplete(f, "/blacklist/nvme", &file) && !p->unknown)
                p->unknown = xstrdup("/blacklist/nvme");
}

static void find_problem(const struct facts *f, struct problem *p)
{
        static void (*const checks[])(const struct facts *, struct problem *) = {
                check_files, check_root, check_driver, check_image, check_network, check_blacklist,
        };

        for (size_t i = 0; i < ARRAY_SIZE(checks) && !p->kind; i++)
                checks[i](f, p);
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void publish_problem(struct facts *f, const char *node, const struct facts *own)
{
        static const char *const keys[] = { "file", "line", "text" };
        _cleanup_(problem_done) struct problem p = { 0 };
        cleanup_free char *path = xasprintf("%s/problem", node);
        const char *why, *file = NULL;

        find_problem(own, &p);
        if (p.kind) {
                facts_set_str(f, p.kind, "%s/kind", path);
                facts_set_str(f, p.message, "%s/message", path);
                for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                        cleanup_free char *from = xasprintf("%s/%s", p.place, keys[i]);
                        cleanup_free char *to = xasprintf("%s/%s", path, keys[i]);

                        facts_copy(f, to, own, from);
                }
        } else if (p.unknown) {
                why = facts_why_unknown(own, p.unknown, &file);
                facts_unknown(f, path, file, "%s",
                              why ? why : "what its root= means on Nitro is not known");
        } else {
                facts_set_null(f, "%s", path);
        }
}

static void publish_states(struct facts *f, const char *node, const struct facts *own)
{
        static const struct {
                const char *key, *from;
        } states[] = {
                { "driver", "/drivers/nvme/state" },
                { "image", "/initramfs/state" },
                { "image_driver", "/initramfs/nvme/state" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
                cleanup_free char *to = xasprintf("%s/%s", node, states[i].key);

                facts_copy(f, to, own, states[i].from);
        }
}

/* ---- a better one ---------------------------------------------------------------------------- */

static bool lacks(const struct facts *f, const char *driver)
{
        cleanup_free char *path = xasprintf("/drivers/%s/state", driver);
        const char *state = facts_str(f, path);

        return streq(state, "missing") || streq(state, "broken");
}

/* None is known: certainly so only where each entry is, and what is wrong with it. */
static void publish_no_alternate(struct facts *f)
{
        struct json_object *node;
        const char *file = NULL;
        bool known = facts_get(f, "/boot/others", &node) >= 0 &&
                     !facts_why_incomplete(f, "/boot/others", &file);

        for (size_t i = 0; i < facts_count(f, "/boot/others"); i++) {
                cleanup_free char *problem = xasprintf("/boot/others/%zu/problem", i);

                known &= facts_get(f, problem, &node) >= 0;
        }
        if (known)
                facts_set_null(f, "/boot/alternate");
        else
                facts_unknown(f, "/boot/alternate", NULL,
                              "not every entry of the boot menu is known");
}

/* The first that would come up, where the kernel that starts next lacks a driver. */
static void publish_alternate(struct facts *f)
{
        static const char *const keys[] = { "title",          "id",   "index", "bls",
                                            "kernel/release", "file", "line",  "text" };
        size_t n = facts_count(f, "/boot/others"), i = 0;

        for (; i < n; i++) {
                cleanup_free char *problem = xasprintf("/boot/others/%zu/problem", i);
                cleanup_free char *starts = xasprintf("/boot/others/%zu/starts", i);
                struct json_object *node;

                if (streq(facts_str(f, starts), "linux") && facts_get(f, problem, &node) == 0)
                        break;
        }
        if (i == n) {
                publish_no_alternate(f);
                return;
        }
        if (!facts_str(f, "/drivers/nvme/state") || !facts_str(f, "/drivers/ena/state")) {
                facts_unknown(f, "/boot/alternate", NULL,
                              "which drivers the kernel that starts next has is not known");
                return;
        }
        if (!lacks(f, "nvme") && !lacks(f, "ena")) {
                facts_set_null(f, "/boot/alternate");
                return;
        }
        for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                cleanup_free char *from = xasprintf("/boot/others/%zu/%s", i, keys[k]);
                const char *slash = strrchr(keys[k], '/');
                cleanup_free char *to =
                        xasprintf("/boot/alternate/%s", slash ? slash + 1 : keys[k]);

                facts_copy(f, to, f, from);
        }
}

static void run_others(struct probe_context *context)
{
        struct others o = { .context = context, .facts = context->facts };
        size_t n = facts_count(o.facts, "/boot/others");

        add_look(&o, o.facts)->image_read = true;
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *node = xasprintf("/boot/others/%zu", i);
                cleanup_free char *starts = xasprintf("%s/starts", node);
                const char *what = facts_str(o.facts, starts);
                struct look *l;

                if (what && !streq(what, "linux"))
                        facts_set_null(o.facts, "%s/problem", node);
                if (!streq(what, "linux"))
                        continue;
                l = add_look(&o, make_tree(o.facts, node));
                look_at_entry(&o, l);
                publish_states(o.facts, node, l->facts);
                publish_problem(o.facts, node, l->facts);
        }
        publish_alternate(o.facts);
        for (size_t i = 0; i < o.n; i++) {
                free(o.v[i].kernel);
                free(o.v[i].images);
                if (i > 0)
                        facts_free(o.v[i].facts);
        }
}

static const struct fact_decl others_facts[] = {
        { "/boot/others/*/driver", FACT_STRING,
          "NVMe in the kernel it loads: builtin, module, missing or broken" },
        { "/boot/others/*/image", FACT_STRING,
          "its initramfs: none, ok, missing, empty, damaged, or unread as it cannot matter" },
        { "/boot/others/*/image_driver", FACT_STRING,
          "NVMe inside: builtin, module, missing or broken; null: no matter" },
        { "/boot/others/*/problem", FACT_OBJECT,
          "why it would not come up on Nitro, null: no reason" },
        { "/boot/others/*/problem/kind", FACT_STRING,
          "kernel-gone, image-gone, root, driver, no-image, image, ena or blacklist" },
        { "/boot/others/*/problem/message", FACT_STRING, "a clause" },
        { "/boot/others/*/problem/file", FACT_STRING, "where it shows" },
        { "/boot/others/*/problem/line", FACT_INT, "the line there" },
        { "/boot/others/*/problem/text", FACT_STRING, "that line" },
        { "/boot/alternate", FACT_OBJECT,
          "an entry that would come up, where the next one's kernel lacks a driver; null: none" },
        { "/boot/alternate/title", FACT_STRING, "title" },
        { "/boot/alternate/id", FACT_STRING, "id, or null" },
        { "/boot/alternate/index", FACT_STRING, "place in the menu" },
        { "/boot/alternate/bls", FACT_BOOL, "it is a Boot Loader Specification file" },
        { "/boot/alternate/release", FACT_STRING, "the release of its kernel" },
        { "/boot/alternate/file", FACT_STRING, "where it is written" },
        { "/boot/alternate/line", FACT_INT, "its line" },
        { "/boot/alternate/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_others = {
        .name = "others",
        .needs = PROBE_NEEDS("boot", "cmdline", "drivers", "initramfs", "blacklist"),
        .provides = others_facts,
        .run = run_others,
};
