#include "probe/initramfs-driver.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/xalloc.h"

struct question {
        struct facts *facts;
        const struct image *image;
        const char *file;
        const struct device *device;
        char *dir; /* lib/modules/RELEASE */
};

static void answer(struct question *q, const char *state, const char *missing, struct span text)
{
        cleanup_free char *path = xasprintf("/initramfs/%s", q->device->name);

        facts_set_str(q->facts, state, "%s/state", path);
        facts_set_str(q->facts, missing, "%s/missing", path);
        facts_set_evidence(q->facts, path, q->file, 0, text);
}

static void answer_text(struct question *q, const char *state, const char *format,
                        const char *argument)
{
        cleanup_free char *text = xasprintf(format, argument);

        answer(q, state, NULL, span_of(text));
}

static void unknown(struct question *q, const char *inside, const char *why)
{
        cleanup_free char *path = xasprintf("/initramfs/%s", q->device->name);

        facts_unknown(q->facts, path, q->file, "%s inside the image %s", inside, why);
}

/* 1: sound, 0: not inside, -EBADMSG: said why. */
static int open_index(struct question *q, enum modules_index i, struct modindex *ret)
{
        cleanup_free char *path = xasprintf("%s/%s", q->dir, modules_index_file(i));
        const struct image_file *f = image_find(q->image, path);
        struct err err = { 0 };

        if (!f || (f->size == 0 && !f->unread))
                return 0;
        if (f->unread || !S_ISREG(f->mode)) {
                unknown(q, path, "could not be kept");
                return -EBADMSG;
        }
        if (modindex_open(buf_span(&f->content), ret, &err) < 0) {
                unknown(q, path, "is damaged or no index");
                return -EBADMSG;
        }
        return 1;
}

/* Files of modules of the release whose names have to do with the device, for the evidence. */
static char *similar_files(struct question *q, bool *ret_itself)
{
        struct buf b = { 0 };

        *ret_itself = false;
        for (size_t i = 0; i < q->image->n; i++) {
                const char *path = q->image->v[i].path, *below = str_after(path, q->dir);
                cleanup_free char *name = NULL;

                if (!below || *below != '/' || !strstr(path, ".ko"))
                        continue;
                name = modules_name_of(path);
                if (streq(name, q->device->driver))
                        *ret_itself = true;
                if (str_startswith(name, q->device->driver) && b.len < 200)
                        buf_printf(&b, "%s%s", b.len ? ", " : "", name);
        }
        return buf_take(&b);
}

/* The index does not know the driver, or there is none. */
static void look_without_line(struct question *q, bool has_index)
{
        bool itself;
        cleanup_free char *similar = similar_files(q, &itself);

        if (itself && !has_index)
                unknown(q, modules_index_file(MODULES_DEP),
                        "is not there, so what the driver inside needs is not known");
        else if (itself)
                answer_text(q, "broken", "%s is inside, but modules.dep.bin does not list it",
                            q->device->driver);
        else if (*similar)
                answer_text(q, "missing", "inside is only %s", similar);
        else
                answer_text(q, "missing", "no module %s inside", q->device->driver);
}

static bool file_inside(struct question *q, const char *path)
{
        const struct image_file *f = image_find(q->image, path);

        return f && S_ISREG(f->mode) && (f->size > 0 || f->nlink > 1);
}

static void look_at_closure(struct question *q, struct span line, const struct modindex *builtin)
{
        cleanup_strv struct strv files = { 0 };
        const char *missing = NULL;

        modules_of_dep_line(line, q->dir, &files);
        for (size_t i = 0; i < files.n && !missing; i++) {
                cleanup_free char *name = modules_name_of(files.v[i]);
                struct span value;

                if (!file_inside(q, files.v[i]) &&
                    !(builtin && modindex_find(builtin, name, &value)))
                        missing = files.v[i];
        }
        if (missing) {
                cleanup_free char *path = xasprintf("%s%s", *missing == '/' ? "" : "/", missing);

                answer(q, "broken", path, line);
        } else {
                answer(q, "module", NULL, line);
        }
}

static bool announced(const struct modindex *alias, const struct device *device)
{
        cleanup_strv struct strv modules = { 0 };

        modindex_match(alias, device->modalias, &modules);
        return strv_contains(&modules, device->driver);
}

static void look_at_release(struct question *q, const struct strv *loaded)
{
        struct modindex dep, alias, builtin;
        int has_dep = open_index(q, MODULES_DEP, &dep), has_alias = 0, has_builtin = 0;
        struct span line;

        if (has_dep >= 0)
                has_alias = open_index(q, MODULES_ALIAS, &alias);
        if (has_dep >= 0 && has_alias >= 0)
                has_builtin = open_index(q, MODULES_BUILTIN, &builtin);
        if (has_dep < 0 || has_alias < 0 || has_builtin < 0)
                return;
        if (!has_dep || !modindex_find(&dep, q->device->driver, &line)) {
                look_without_line(q, has_dep > 0);
        } else if (strv_contains(loaded, q->device->driver) ||
                   (has_alias && announced(&alias, q->device))) {
                look_at_closure(q, line, has_builtin ? &builtin : NULL);
        } else if (has_alias) {
                answer_text(q, "broken", "modules.alias.bin inside knows no driver for %s",
                            q->device->text);
        } else {
                unknown(q, modules_index_file(MODULES_ALIAS),
                        "is not there, so which device the driver takes is not known");
        }
}

void initramfs_driver_look(struct facts *f, const struct image *im, const char *file,
                           const struct device *device, const struct strv *loaded)
{
        struct question q = { .facts = f, .image = im, .file = file, .device = device };
        cleanup_free char *state_path = xasprintf("/drivers/%s/state", device->name);
        cleanup_free char *path = xasprintf("/initramfs/%s", device->name);
        struct buf others = { 0 };

        if (streq(facts_str(f, state_path), "builtin")) {
                answer_text(&q, "builtin", "%s is part of the kernel", device->driver);
                return;
        }
        if (!im->release) {
                facts_unknown(f, path, file, "which kernel starts next is not known");
                return;
        }
        if (!strv_contains(&im->releases, im->release)) {
                for (size_t i = 0; i < im->releases.n; i++)
                        buf_printf(&others, "%s%s", i ? ", " : "", im->releases.v[i]);
                answer_text(&q, "missing",
                            others.len ? "modules of %s only" : "no kernel modules inside",
                            others.data);
                buf_done(&others);
                return;
        }
        q.dir = xasprintf("lib/modules/%s", im->release);
        look_at_release(&q, loaded);
        free(q.dir);
}
