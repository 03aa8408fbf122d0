#include "waivers.h"

#include <errno.h>
#include <fnmatch.h>

#include "base/jsonx.h"
#include "base/xalloc.h"

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_date(const char *s)
{
        static const unsigned days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        unsigned year, month, day;
        bool leap;

        if (strlen(s) != strlen("2026-12-31"))
                return false;
        for (size_t i = 0; s[i]; i++)
                if (i == 4 || i == 7 ? s[i] != '-' : !ascii_isdigit(s[i]))
                        return false;
        year = (unsigned)strtoul(s, NULL, 10);
        month = (unsigned)strtoul(s + 5, NULL, 10);
        day = (unsigned)strtoul(s + 8, NULL, 10);
        leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
               (month != 2 || day < 29 || leap);
}

/* Only these keys, each a string with something in it. */
static int read_waiver(struct json_object *o, const char *at, struct waiver *ret, struct err *err)
{
        const struct {
                const char *key;
                char **value;
                bool optional;
        } keys[] = {
                { "rule", &ret->rule, false },       { "subject", &ret->subject, true },
                { "reason", &ret->reason, false },   { "owner", &ret->owner, false },
                { "expires", &ret->expires, false },
        };

        if (!json_object_is_type(o, json_type_object))
                return err_set(err, -EINVAL, "%s: not an object", at);
        json_object_object_foreach(o, given, value)
        {
                size_t i = 0;

                while (i < ARRAY_SIZE(keys) && !streq(keys[i].key, given))
                        i++;
                if (i == ARRAY_SIZE(keys))
                        return err_set(err, -EINVAL, "%s/%s: no such key", at, given);
                if (!json_object_is_type(value, json_type_string) ||
                    json_object_get_string_len(value) == 0)
                        return err_set(err, -EINVAL, "%s/%s: not a text", at, given);
                *keys[i].value = xstrdup(json_object_get_string(value));
        }
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
                if (!*keys[i].value && !keys[i].optional)
                        return err_set(err, -EINVAL, "%s: %s is missing", at, keys[i].key);
        if (!is_date(ret->expires))
                return err_set(err, -EINVAL, "%s/expires: \"%s\" is no date, as 2026-12-31", at,
                               ret->expires);
        return 0;
}

static int read_list(struct json_object *root, struct waivers *w, struct err *err)
{
        struct json_object *list = jsonx_member(root, "waivers", json_type_array);

        if (!json_object_is_type(root, json_type_object))
                return err_set(err, -EINVAL, "not an object");
        if (!streq(jsonx_str(root, "schema"), WAIVERS_SCHEMA))
                return err_set(err, -EINVAL, "schema: not \"" WAIVERS_SCHEMA "\"");
        if (!list)
                return err_set(err, -EINVAL, "waivers: not a list");
        json_object_object_foreach(root, key, value)
        {
                if (value != list && !streq(key, "schema"))
                        return err_set(err, -EINVAL, "%s: no such key", key);
        }
        if (json_object_array_length(list) > WAIVERS_MAX)
                return err_set(err, -E2BIG, "waivers: more than %d", WAIVERS_MAX);
        for (size_t i = 0; i < json_object_array_length(list); i++) {
                cleanup_free char *at = xasprintf("waivers/%zu", i);
                int r = read_waiver(json_object_array_get_idx(list, i), at,
                                    ARRAY_PUSH(&w->v, &w->n, &w->cap), err);

                if (r < 0)
                        return r;
        }
        return 0;
}

int waivers_parse(struct span text, const char *file, struct waivers *ret, struct err *err)
{
        cleanup_json struct json_object *root = NULL;
        cleanup_waivers struct waivers w = { .file = xstrdup(file) };
        int r = jsonx_parse(text, &root, err);

        if (r == 0)
                r = read_list(root, &w, err);
        if (r < 0)
                return err_wrap(err, r, "%s", file);
        *ret = w;
        w = (struct waivers){ 0 };
        return 0;
}

void waivers_done(struct waivers *w)
{
        for (size_t i = 0; i < w->n; i++) {
                free(w->v[i].rule);
                free(w->v[i].subject);
                free(w->v[i].reason);
                free(w->v[i].owner);
                free(w->v[i].expires);
        }
        free(w->v);
        free(w->file);
        free(w->problem);
        *w = (struct waivers){ 0 };
}

/* ---- applying -------------------------------------------------------------------------------- */

static bool is_about(const struct waiver *w, const struct finding *f)
{
        return streq(w->rule, f->rule) &&
               (!w->subject || fnmatch(w->subject, f->subject ? f->subject : "", 0) == 0);
}

static void waive(struct finding *f, const struct waiver *w)
{
        f->was = f->outcome;
        f->outcome = OUTCOME_WAIVED;
        f->waiver_reason = xstrdup(w->reason);
        f->waiver_owner = xstrdup(w->owner);
        f->waiver_expires = xstrdup(w->expires);
}

static void apply_one(struct waiver *w, struct findings *l)
{
        for (size_t i = 0; i < l->n; i++) {
                struct finding *f = &l->v[i];
                enum outcome outcome = f->outcome == OUTCOME_WAIVED ? f->was : f->outcome;

                if (outcome == OUTCOME_SKIPPED && streq(f->rule, w->rule))
                        w->used = true;
                if (outcome < OUTCOME_UNKNOWN || !is_about(w, f))
                        continue;
                w->used = true;
                if (!w->expired && f->outcome != OUTCOME_WAIVED)
                        waive(f, w);
        }
}

void waivers_apply(struct waivers *w, const char *today, struct findings *l)
{
        for (size_t i = 0; i < w->n; i++) {
                struct waiver *one = &w->v[i];

                one->expired = strncmp(one->expires, today, strlen(one->expires)) < 0;
                one->used = false;
                apply_one(one, l);
        }
        findings_sort(l);
}
