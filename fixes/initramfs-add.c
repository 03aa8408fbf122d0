/*
 * Drivers and changed files laid over an initramfs. Modules come from the root as they are. Indexes
 * are those of the image with the new modules in them, and not the root's, which may know modules
 * under other names than the image has.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/ramdisk.h"
#include "parse/modindexwrite.h"

#define MODULE_MAX  (32u << 20) /* one file */
#define MODULES_MAX 256         /* that one driver needs */

enum index {
        INDEX_DEP,
        INDEX_ALIAS,
        _INDEX_MAX,
};

static const char *const index_files[_INDEX_MAX] = { "modules.dep", "modules.alias" };

struct adding {
        struct fix_context *context;
        const char *release, *dir; /* of the modules on the volume */
        struct strv wanted, names; /* files of the image to look into; the modules */
        struct ramdisk ramdisk;
        struct modindex_entries entries;
        struct buf text; /* lines for the index as text */
        enum index which;
        struct err *err;
};

static void adding_done(struct adding *a)
{
        strv_done(&a->wanted);
        strv_done(&a->names);
        ramdisk_done(&a->ramdisk);
        modindex_entries_done(&a->entries);
        buf_done(&a->text);
}

static char *inside(const struct adding *a, const char *below)
{
        return xasprintf("lib/modules/%s/%s", a->release, below);
}

/* ---- modules --------------------------------------------------------------------------------- */

static int add_file(struct adding *a, const char *path)
{
        const char *below = str_after(path, a->dir);
        cleanup_free char *to = NULL;
        cleanup_blob struct blob blob = { 0 };
        const struct ramdisk_file *f;
        int r;

        if (!below || *below != '/')
                return err_set(a->err, -EINVAL, "%s is not below %s", path, a->dir);
        to = inside(a, below + 1);
        f = ramdisk_find(&a->ramdisk, to);
        if (f && f->here)
                return 0;
        r = volume_read(a->context->volume, path, MODULE_MAX, &blob, a->err);
        if (r <= 0)
                return r < 0 ? r : err_set(a->err, -ENOENT, "%s is not there", path);
        return ramdisk_put(&a->ramdisk, to, blob_span(&blob), a->err);
}

static int add_modules(struct adding *a, const char *driver)
{
        cleanup_free char *list = xasprintf("/drivers/%s/modules", driver);
        size_t n = facts_count(a->context->facts, list);
        int r = 0;

        if (n > MODULES_MAX)
                return err_set(a->err, -E2BIG, "the driver needs more than %d modules",
                               MODULES_MAX);
        for (size_t i = 0; i < n && r >= 0; i++) {
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);
                cleanup_free char *where = xasprintf("%s/%zu/path", list, i);
                const char *path = facts_str(a->context->facts, where);

                if (!path)
                        continue;
                strv_push(&a->names, facts_str(a->context->facts, name));
                r = add_file(a, path);
        }
        return r;
}

/* ---- indexes --------------------------------------------------------------------------------- */

static int open_index(struct span bytes, const char *path, struct modindex *ret, struct err *err)
{
        int r = modindex_open(bytes, ret, err);

        return r < 0 ? err_wrap(err, r, "%s", path) : 0;
}

/* What the image's own index says of its modules. */
static int read_own(struct adding *a, const char *path)
{
        const struct ramdisk_file *f = ramdisk_find(&a->ramdisk, path);
        struct modindex x;
        int r;

        if (!f || !f->here)
                return 0;
        if (!f->whole)
                return err_set(a->err, -EFBIG, "%s inside the image could not be kept", path);
        r = open_index(buf_span(&f->content), path, &x, a->err);
        return r < 0 ? r : modindex_read(&x, &a->entries, a->err);
}

/* A line of the root's index, when it is about one of the modules. */
static int take_line(void *context, const char *key, const char *value, uint32_t priority)
{
        struct adding *a = context;
        bool dep = a->which == INDEX_DEP;

        if (!strv_contains(&a->names, dep ? key : value))
                return 0;
        if (dep) {
                modindex_remove(&a->entries, key);
                buf_printf(&a->text, "%s\n", value);
        } else {
                buf_printf(&a->text, "alias %s %s\n", key, value);
        }
        return modindex_add(&a->entries, key, value, priority, a->err);
}

static int read_root(struct adding *a, const char *file)
{
        cleanup_free char *path = xasprintf("%s/%s.bin", a->dir, file);
        cleanup_blob struct blob blob = { 0 };
        struct modindex x;
        int r = volume_read(a->context->volume, path, MODINDEX_FILE_MAX, &blob, a->err);

        if (r == 0)
                return err_set(a->err, -ENOENT, "%s is not there", path);
        if (r > 0)
                r = open_index(blob_span(&blob), path, &x, a->err);
        return r < 0 ? r : modindex_each(&x, take_line, a);
}

/* The same for old tools, which read the text. */
static int put_text(struct adding *a, const char *path, bool has_binary)
{
        const struct ramdisk_file *f = ramdisk_find(&a->ramdisk, path);
        cleanup_buf struct buf text = { 0 };

        if (!f && has_binary)
                return 0;
        if (f && f->here && !f->whole)
                return err_set(a->err, -EFBIG, "%s inside the image could not be kept", path);
        if (f && f->content.len > 0) {
                buf_append(&text, f->content.data, f->content.len);
                if (f->content.data[f->content.len - 1] != '\n')
                        buf_putc(&text, '\n');
        }
        buf_append(&text, a->text.data, a->text.len);
        return ramdisk_put(&a->ramdisk, path, buf_span(&text), a->err);
}

static int add_index(struct adding *a, enum index which)
{
        cleanup_free char *text = inside(a, index_files[which]);
        cleanup_free char *path = xasprintf("%s.bin", text);
        bool has_binary = ramdisk_find(&a->ramdisk, path);
        cleanup_buf struct buf bytes = { 0 };
        int r;

        modindex_entries_done(&a->entries);
        buf_done(&a->text);
        a->which = which;
        r = read_own(a, path);
        if (r >= 0)
                r = read_root(a, index_files[which]);
        if (r < 0)
                return r;
        modindex_write(&a->entries, &bytes);
        r = ramdisk_put(&a->ramdisk, path, buf_span(&bytes), a->err);
        return r < 0 ? r : put_text(a, text, has_binary);
}

/* ---------------------------------------------------------------------------------------------- */

/* Only these load the driver of a device by what their indexes say of it. */
static int check_generator(const struct facts *f, struct err *err)
{
        const char *generator = facts_str(f, "/initramfs/generator");

        if (streq(generator, "dracut") || streq(generator, "initramfs-tools"))
                return 0;
        return err_set(err, -ENOTSUP,
                       "what made the image is not known, and so whether it loads a driver that is "
                       "added to it");
}

int initramfs_add_driver(struct fix_context *c, const char *const *rules, const char *driver,
                         struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_INITRAMFS };
        cleanup_free char *state = xasprintf("/drivers/%s/state", driver);
        _cleanup_(adding_done) struct adding a = {
                .context = c,
                .release = facts_str(c->facts, "/boot/kernel/release"),
                .dir = facts_str(c->facts, "/drivers/dir"),
                .err = err,
        };
        int r = check_generator(c->facts, err);

        if (r < 0)
                return r;
        if (!a.release || !a.dir || !streq(facts_str(c->facts, state), "module"))
                return err_set(err, -ENOENT, "the volume has no whole driver %s for that kernel",
                               driver);
        for (enum index i = 0; i < _INDEX_MAX; i++) {
                strv_push_take(&a.wanted, inside(&a, index_files[i]));
                strv_push_take(&a.wanted, xasprintf("%s.bin", a.wanted.v[2 * i]));
        }
        r = ramdisk_read(c->volume, c->facts, &a.wanted, &a.ramdisk, err);
        if (r >= 0)
                r = add_modules(&a, driver);
        for (enum index i = 0; i < _INDEX_MAX && r >= 0; i++)
                r = add_index(&a, i);
        return r < 0 ? r : ramdisk_plan(&a.ramdisk, c->plan, &why, a.release, err);
}

int initramfs_edit(struct fix_context *c, const char *const *rules, const char *where,
                   int (*edit)(void *data, struct span text, struct blob *ret), void *data,
                   struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_INITRAMFS };
        const char *release = facts_str(c->facts, "/boot/kernel/release");
        const char *colon = strstr(where, ":/"), *path = colon ? colon + 2 : NULL;
        _cleanup_(ramdisk_done) struct ramdisk ramdisk = { 0 };
        cleanup_strv struct strv wanted = { 0 };
        cleanup_blob struct blob after = { 0 };
        const struct ramdisk_file *f;
        int r;

        if (!path || !release)
                return err_set(err, -ENODATA, "which image of which kernel starts is not known");
        strv_push(&wanted, path);
        r = ramdisk_read(c->volume, c->facts, &wanted, &ramdisk, err);
        if (r < 0)
                return r;
        f = ramdisk_find(&ramdisk, path);
        if (!f)
                return 0;
        if (!f->whole)
                return err_set(err, -EFBIG, "%s could not be kept", where);
        r = edit(data, buf_span(&f->content), &after);
        if (r <= 0)
                return r;
        r = ramdisk_put(&ramdisk, path, blob_span(&after), err);
        if (r >= 0)
                r = ramdisk_plan(&ramdisk, c->plan, &why, release, err);
        return r < 0 ? r : 1;
}
