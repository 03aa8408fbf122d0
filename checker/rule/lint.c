#include "rule/lint.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/jsonx.h"
#include "base/xalloc.h"
#include "rule/scope.h"

static void put_place(struct buf *out, const struct place *at)
{
        if (!at->up)
                return;
        put_place(out, at->up);
        if (at->up->up)
                buf_putc(out, '/');
        if (at->key)
                buf_puts(out, at->key);
        else
                buf_printf(out, "%zu", at->index);
}

void lint_mistake(const struct place *at, const char *fmt, ...)
{
        cleanup_free char *text = NULL;
        cleanup_buf struct buf line = { 0 };
        va_list ap;

        va_start(ap, fmt);
        text = xvasprintf(fmt, ap);
        va_end(ap);
        buf_printf(&line, "%s: ", at->lint->file);
        if (at->up) {
                put_place(&line, at);
                buf_puts(&line, ": ");
        }
        buf_puts(&line, text);
        if (!strv_contains(at->lint->mistakes, line.data))
                strv_push(at->lint->mistakes, line.data);
}

/* The known key that was meant, as far as can be told, or NULL. */
static const char *nearest_key(const char *key, const char *const *known)
{
        const char *nearest = NULL;
        size_t best = 3; /* more letters apart is another word */

        for (; *known; known++) {
                size_t distance = str_distance(key, *known);

                if (distance < best) {
                        nearest = *known;
                        best = distance;
                }
        }
        return nearest;
}

static bool is_known(const char *key, const char *const *known)
{
        while (*known && !streq(key, *known))
                known++;
        return *known;
}

void lint_keys(const struct place *at, struct json_object *object, const char *const *known)
{
        json_object_object_foreach(object, key, value)
        {
                struct place here = place_key(at, key);
                const char *nearest;

                (void)value;
                if (is_known(key, known))
                        continue;
                nearest = nearest_key(key, known);
                if (nearest)
                        lint_mistake(&here, "unknown key; did you mean \"%s\"?", nearest);
                else
                        lint_mistake(&here, "unknown key");
        }
}

/* Parts of lower case letters, digits and _, separated by one slash. */
static bool is_well_formed(const char *path)
{
        const char *p = path + (path[0] == '/');

        if (streq(path, "."))
                return true;
        for (; *p; p++) {
                if (*p == '/' ? p[-1] == '/' || p[1] == '\0'
                              : !ascii_isdigit(*p) && !(*p >= 'a' && *p <= 'z') && *p != '_')
                        return false;
        }
        return p > path + 1 || (p == path + 1 && path[0] != '/');
}

static const char *const type_names[] = {
        [FACT_STRING] = "a string", [FACT_INT] = "a number",     [FACT_BOOL] = "true or false",
        [FACT_ARRAY] = "a list",    [FACT_OBJECT] = "an object",
};

/*
 * The declared type, or -1. Whatever has evidence is an object, and is declared by the evidence's
 * keys alone.
 */
static int find_type(const struct lint *lint, const char *path)
{
        cleanup_free char *file = xasprintf("%s/file", path);
        const struct fact_decl *decl = lint->find_decl(path);

        if (decl)
                return (int)decl->type;
        return lint->find_decl(file) ? FACT_OBJECT : -1;
}

/* As a declaration would have it: "*" for the element that relative paths begin at. */
static void declared_path(const struct lint *lint, const char *path, char ret[SCOPE_PATH_SIZE])
{
        cleanup_free char *element = lint->each ? xasprintf("%s/*", lint->each) : NULL;

        scope_path(&(struct scope){ NULL, element }, path, ret);
}

static bool is_checked(const struct lint *lint, const char *path)
{
        return lint->find_decl && (path[0] == '/' || *lint->each);
}

bool lint_path(const struct place *at, const char *path, unsigned types)
{
        const struct lint *lint = at->lint;
        char absolute[SCOPE_PATH_SIZE];
        int type;

        if (strlen(path) > RULE_PATH_MAX || !is_well_formed(path)) {
                lint_mistake(at, "\"%.*s\" is not a path", RULE_PATH_MAX, path);
                return false;
        }
        if (path[0] != '/' && !lint->each) {
                lint_mistake(at, "\"%s\" does not begin with a slash, and there is no \"each\"",
                             path);
                return false;
        }
        if (!is_checked(lint, path))
                return true;
        declared_path(lint, path, absolute);
        type = find_type(lint, absolute);
        if (type < 0)
                lint_mistake(at, "no probe provides %s", absolute);
        else if (!(types & LINT_TYPE(type)))
                lint_mistake(at, "%s is %s, which does not fit here", absolute, type_names[type]);
        return type >= 0 && (types & LINT_TYPE(type));
}

void lint_evidence(const struct place *at, const char *path)
{
        const struct lint *lint = at->lint;
        cleanup_free char *member = NULL, *members = NULL;
        char absolute[SCOPE_PATH_SIZE];

        if (!lint_path(at, path, LINT_TREE) || !is_checked(lint, path))
                return;
        declared_path(lint, path, absolute);
        member = xasprintf("%s/file", absolute);
        members = xasprintf("%s/*/file", absolute);
        if (!lint->find_decl(member) && !lint->find_decl(members))
                lint_mistake(at, "%s has no evidence", absolute);
}
