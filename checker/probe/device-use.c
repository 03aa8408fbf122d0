#include "probe/device-use.h"

#include "base/xalloc.h"
#include "parse/devname.h"
#include "probe/bootparam.h"
#include "volume/blkids.h"

/* From good to bad. */
static int weight(const char *effect)
{
        static const char *const order[] = { "harmless", "degraded", "hang", "emergency",
                                             "no-boot" };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                if (streq(order[i], effect))
                        return (int)i;
        return -1;
}

static bool is_serious(const char *effect)
{
        return weight(effect) > weight("degraded");
}

/* What is on the device, where that is known, has this tag. */
static bool has_tag(const struct blkid_device *d, const char *value)
{
        static const struct {
                const char *prefix, *tag;
        } tags[] = {
                { "UUID=", "UUID" },
                { "LABEL=", "LABEL" },
                { "/dev/disk/by-uuid/", "UUID" },
                { "/dev/disk/by-label/", "LABEL" },
        };

        for (size_t i = 0; d && i < ARRAY_SIZE(tags); i++) {
                const char *after = str_after(value, tags[i].prefix);

                if (after)
                        return blkid_device_has_tag(d, tags[i].tag, after) > 0;
        }
        return false;
}

/* There is a file system on it, and no further layer in which others may be. */
static bool holds_file_system(const struct blkid_device *d)
{
        return d && d->type && !str_endswith(d->type, "_member") && !streq(d->type, "crypto_LUKS");
}

struct search {
        const struct device_query *query;
        const struct blkid_device *device;
        struct device_use *use;
        bool used;   /* as it is, so that there are no further layers in it */
        char *doubt; /* what may be in it and would be serious */
};

static bool is_it(const struct search *s, const char *value)
{
        return s->query->is_it(s->query->data, value) || has_tag(s->device, value);
}

/* A name that tells nothing of where the file system is. */
static bool may_be_in_it(const struct search *s, const char *value, const char *kind,
                         const char *resolves)
{
        if (holds_file_system(s->device) ||
            (s->query->apart && strv_contains(s->query->apart, value)))
                return false;
        return streq(kind, "mapper") || streq(resolves, "unchecked");
}

static void take(struct search *s, const char *effect, char *text)
{
        if (weight(effect) > weight(s->use->effect)) {
                free(s->use->text);
                s->use->effect = effect;
                s->use->text = text;
        } else {
                free(text);
        }
}

static const char *member(const struct facts *f, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("/fstab/devices/%zu/%s", i, key);

        return facts_str(f, path);
}

static void look_at_fstab(const struct facts *f, struct search *s)
{
        for (size_t i = 0; i < facts_count(f, "/fstab/devices"); i++) {
                const char *value = member(f, i, "value"), *effect = member(f, i, "if_absent");
                const char *target = member(f, i, "entry_target");

                if (!value || !effect || (s->query->in_image && !streq(effect, "no-boot")))
                        continue;
                if (is_it(s, value)) {
                        s->used = true;
                        take(s, effect,
                             xasprintf("/etc/fstab wants it for %s. %s", target ? target : value,
                                       member(f, i, "if_absent_text")));
                } else if (is_serious(effect) && !s->doubt &&
                           may_be_in_it(s, value, member(f, i, "kind"), member(f, i, "resolves")))
                        s->doubt = xasprintf("whether %s of /etc/fstab is in it", value);
        }
}

static void look_at_root(const struct facts *f, struct search *s)
{
        const char *root = bootparam_last(f, "root"), *file;
        cleanup_free char *why = NULL;
        enum devname_kind kind;

        if (!root) {
                if (!bootparam_known(f, &why, &file) && !s->doubt)
                        s->doubt = xasprintf("whether the root file system is in it (%s)", why);
                return;
        }
        if (is_it(s, root)) {
                take(s, "no-boot",
                     xstrdup("The root file system is in it: the machine does not "
                             "start."));
                return;
        }
        kind = devname_classify(span_of(root));
        if (!s->doubt && !holds_file_system(s->device) &&
            (kind == DEVNAME_MAPPER || kind == DEVNAME_OTHER))
                s->doubt = xasprintf("whether root=%s is in it", root);
}

void device_use_find(const struct probe_context *context, const struct device_query *query,
                     struct device_use *ret)
{
        const struct facts *f = context->facts;
        struct search s = { .query = query, .use = ret };
        const char *file, *why;

        *ret = (struct device_use){ 0 };
        if (query->path)
                s.device = blkids_find(context->blkids, query->path);
        if (query->early)
                look_at_root(f, &s);
        if (facts_get(f, "/fstab/devices", &(struct json_object *){ NULL }) < 0) {
                why = facts_why_unknown(f, "/fstab/devices", &file);
                if (!is_serious(ret->effect))
                        s.doubt = xasprintf("what /etc/fstab wants of it%s%s", why ? ": " : "",
                                            why ? why : "");
        }
        look_at_fstab(f, &s);
        if (is_serious(ret->effect) || !s.doubt || s.used) {
                if (query->in_image)
                        take(&s, "harmless", xstrdup(query->in_image));
                else
                        take(&s, "degraded",
                             xasprintf("The boot goes on without %s, after a time of waiting for "
                                       "the disk.",
                                       query->what));
                free(s.doubt);
                return;
        }
        free(TAKE_PTR(ret->text));
        ret->effect = NULL;
        ret->why = xasprintf("%s is not known", s.doubt);
        free(s.doubt);
}

void device_use_done(struct device_use *u)
{
        free(u->text);
        free(u->why);
        *u = (struct device_use){ 0 };
}

void device_use_publish(struct facts *f, const char *path, const struct device_use *u)
{
        if (u->effect) {
                facts_set_str(f, u->effect, "%s/effect", path);
                facts_set_str(f, u->text, "%s/effect_text", path);
        } else {
                facts_unknown(f, path, NULL, "%s", u->why);
        }
}
