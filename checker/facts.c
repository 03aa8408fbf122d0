#include "facts.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/jsonx.h"
#include "base/str.h"
#include "base/xalloc.h"

/*
 * A concrete path is a few dozen bytes; longer ones cannot be written (a bug) and are not found.
 * The parts of a path are cut out in a copy on the stack.
 */
#define PATH_SIZE 256

struct facts {
        struct json_object *tree;     /* object */
        struct json_object *unknown;  /* array of {path, reason, file} */
        struct json_object *problems; /* array of {file, text} */
        bool frozen;
};

struct facts *facts_new(void)
{
        struct facts *f = xcalloc(1, sizeof(*f));

        f->tree = json_object_new_object();
        f->unknown = json_object_new_array();
        f->problems = json_object_new_array();
        return f;
}

void facts_free(struct facts *f)
{
        if (!f)
                return;
        json_object_put(f->tree);
        json_object_put(f->unknown);
        json_object_put(f->problems);
        free(f);
}

void facts_freeze(struct facts *f)
{
        f->frozen = true;
}

static bool is_index(const char *part)
{
        return ascii_isdigit(part[0]);
}

/* The child `part` of `node`: 1 found, 0 null, -ENOENT. */
static int child(struct json_object *node, const char *part, struct json_object **ret)
{
        if (json_object_is_type(node, json_type_array)) {
                size_t i = is_index(part) ? strtoul(part, NULL, 10) : SIZE_MAX;

                if (i >= json_object_array_length(node))
                        return -ENOENT;
                *ret = json_object_array_get_idx(node, i);
        } else if (!json_object_object_get_ex(node, part, ret)) {
                return -ENOENT;
        }
        return *ret != NULL;
}

/* Put `value` (taken over) at `part` of `node`. */
static void put_child(struct json_object *node, const char *part, struct json_object *value)
{
        if (json_object_is_type(node, json_type_array)) {
                size_t i = strtoul(part, NULL, 10);

                if (!is_index(part) || i > json_object_array_length(node))
                        abort(); /* a hole in an array: a bug of a probe */
                json_object_array_put_idx(node, i, value);
        } else {
                json_object_object_add(node, part, value);
        }
}

/* Store `value` (taken over) at the path, making the parents. */
static void store(struct facts *f, struct json_object *value, const char *fmt, va_list ap)
{
        char path[PATH_SIZE], *part = path + 1, *slash;
        struct json_object *node = f->tree, *next;
        int n = vsnprintf(path, sizeof(path), fmt, ap);

        if (f->frozen || n < 2 || (size_t)n >= sizeof(path) || path[0] != '/')
                abort(); /* a bug of a probe, met by its first test */
        while ((slash = strchr(part, '/'))) {
                *slash = '\0';
                if (child(node, part, &next) <= 0) {
                        next = is_index(slash + 1) ? json_object_new_array()
                                                   : json_object_new_object();
                        put_child(node, part, next);
                }
                node = next;
                part = slash + 1;
        }
        put_child(node, part, value);
}

#define STORE(f, value, path)              \
        do {                               \
                va_list ap;                \
                va_start(ap, path);        \
                store(f, value, path, ap); \
                va_end(ap);                \
        } while (0)

static struct json_object *new_string(struct span s)
{
        cleanup_free char *text = str_to_utf8(s);

        return json_object_new_string(text);
}

void facts_set_str(struct facts *f, const char *value, const char *path, ...)
{
        STORE(f, value ? new_string(span_of(value)) : NULL, path);
}

void facts_set_span(struct facts *f, struct span value, const char *path, ...)
{
        STORE(f, new_string(value), path);
}

void facts_set_int(struct facts *f, int64_t value, const char *path, ...)
{
        STORE(f, json_object_new_int64(value), path);
}

void facts_set_bool(struct facts *f, bool value, const char *path, ...)
{
        STORE(f, json_object_new_boolean(value), path);
}

void facts_set_null(struct facts *f, const char *path, ...)
{
        STORE(f, NULL, path);
}

void facts_set_array(struct facts *f, const char *path, ...)
{
        struct json_object *node;
        char full[PATH_SIZE];
        va_list args;

        va_start(args, path);
        vsnprintf(full, sizeof(full), path, args);
        va_end(args);
        if (facts_get(f, full, &node) == 1 && json_object_is_type(node, json_type_array))
                return;
        STORE(f, json_object_new_array(), path);
}

void facts_set_evidence(struct facts *f, const char *path, const char *file, size_t line,
                        struct span text)
{
        facts_set_str(f, file, "%s/file", path);
        facts_set_int(f, (int64_t)line, "%s/line", path);
        facts_set_span(f, text, "%s/text", path);
}

static struct json_object *new_note(const char *file, const char *key, const char *fmt, va_list ap)
{
        cleanup_free char *text = xvasprintf(fmt, ap);
        struct json_object *note = json_object_new_object();

        json_object_object_add(note, "file", file ? new_string(span_of(file)) : NULL);
        json_object_object_add(note, key, new_string(span_of(text)));
        return note;
}

void facts_unknown(struct facts *f, const char *path, const char *file, const char *reason, ...)
{
        struct json_object *note;
        va_list ap;

        if (f->frozen)
                abort();
        va_start(ap, reason);
        note = new_note(file, "reason", reason, ap);
        va_end(ap);
        json_object_object_add(note, "path", json_object_new_string(path));
        json_object_array_add(f->unknown, note);
}

void facts_problem(struct facts *f, const char *file, const char *text, ...)
{
        va_list ap;

        if (f->frozen)
                abort();
        va_start(ap, text);
        json_object_array_add(f->problems, new_note(file, "text", text, ap));
        va_end(ap);
}

/* Is `path` the path `above` or below it? */
static bool is_below(const char *path, const char *above)
{
        const char *rest = str_after(path, above);

        return rest && (*rest == '\0' || *rest == '/');
}

void facts_forget(struct facts *f, const char *subject)
{
        if (f->frozen)
                abort();
        json_object_object_del(f->tree, subject + 1);
        for (size_t i = json_object_array_length(f->unknown); i-- > 0;) {
                struct json_object *note = json_object_array_get_idx(f->unknown, i);

                if (is_below(jsonx_str(note, "path"), subject))
                        json_object_array_del_idx(f->unknown, i, 1);
        }
}

int facts_get(const struct facts *f, const char *path, struct json_object **ret_node)
{
        struct json_object *node = f->tree;
        char copy[PATH_SIZE], *rest = copy, *part;
        size_t n = strlen(path);
        int r = 1;

        *ret_node = node;
        if (n == 0)
                return 1;
        if (path[0] != '/' || n >= sizeof(copy))
                return -ENOENT;
        memcpy(copy, path + 1, n);
        while ((part = strsep(&rest, "/"))) {
                if (!json_object_is_type(node, json_type_array) &&
                    !json_object_is_type(node, json_type_object))
                        return -ENOENT;
                r = child(node, part, &node);
                if (r < 0)
                        return r;
        }
        *ret_node = node;
        return r;
}

const char *facts_str(const struct facts *f, const char *path)
{
        struct json_object *node;

        if (facts_get(f, path, &node) != 1 || !json_object_is_type(node, json_type_string))
                return NULL;
        return json_object_get_string(node);
}

int64_t facts_int(const struct facts *f, const char *path, int64_t otherwise)
{
        struct json_object *node;

        if (facts_get(f, path, &node) != 1 || !json_object_is_type(node, json_type_int))
                return otherwise;
        return json_object_get_int64(node);
}

bool facts_bool(const struct facts *f, const char *path, bool otherwise)
{
        struct json_object *node;

        if (facts_get(f, path, &node) != 1 || !json_object_is_type(node, json_type_boolean))
                return otherwise;
        return json_object_get_boolean(node);
}

size_t facts_count(const struct facts *f, const char *path)
{
        struct json_object *node;

        if (facts_get(f, path, &node) != 1 || !json_object_is_type(node, json_type_array))
                return 0;
        return json_object_array_length(node);
}

const char *facts_why_unknown(const struct facts *f, const char *path, const char **ret_file)
{
        const char *reason = NULL;
        size_t nearest = 0;

        for (size_t i = 0; i < json_object_array_length(f->unknown); i++) {
                struct json_object *note = json_object_array_get_idx(f->unknown, i);
                const char *at = jsonx_str(note, "path");

                /* Of several reasons for one path the first stands: it is the cause. */
                if (!is_below(path, at) || (reason && strlen(at) <= nearest))
                        continue;
                nearest = strlen(at);
                reason = jsonx_str(note, "reason");
                *ret_file = jsonx_str(note, "file");
        }
        return reason;
}

const char *facts_why_incomplete(const struct facts *f, const char *path, const char **ret_file)
{
        for (size_t i = 0; i < json_object_array_length(f->unknown); i++) {
                struct json_object *note = json_object_array_get_idx(f->unknown, i);

                if (streq(jsonx_str(note, "path"), path)) {
                        *ret_file = jsonx_str(note, "file");
                        return jsonx_str(note, "reason");
                }
        }
        return NULL;
}

size_t facts_problem_count(const struct facts *f)
{
        return json_object_array_length(f->problems);
}

const char *facts_problem_get(const struct facts *f, size_t i, const char **ret_file)
{
        struct json_object *note = json_object_array_get_idx(f->problems, i);

        *ret_file = jsonx_str(note, "file");
        return jsonx_str(note, "text");
}

static void put_copy(struct facts *f, struct json_object *value, const char *path, ...)
{
        STORE(f, value, path);
}

static struct json_object *duplicate(struct json_object *node)
{
        cleanup_buf struct buf text = { 0 };
        struct json_object *copy = NULL;

        jsonx_print(node, &text);
        if (jsonx_parse(buf_span(&text), &copy, NULL) < 0)
                abort(); /* deeper than facts are */
        return copy;
}

void facts_copy(struct facts *f, const char *path, const struct facts *from, const char *from_path)
{
        size_t n = json_object_array_length(from->unknown);
        struct json_object *node;
        const char *why, *file = NULL;
        int r = facts_get(from, from_path, &node);

        if (r < 0) {
                why = facts_why_unknown(from, from_path, &file);
                facts_unknown(f, path, file, "%s", why ? why : "nobody looked");
                return;
        }
        if (r > 0)
                put_copy(f, duplicate(node), "%s", path);
        else
                facts_set_null(f, "%s", path);
        for (size_t i = 0; i < n; i++) {
                struct json_object *note = json_object_array_get_idx(from->unknown, i);
                const char *at = jsonx_str(note, "path");
                cleanup_free char *to = NULL;

                if (!is_below(at, from_path))
                        continue;
                to = xasprintf("%s%s", path, at + strlen(from_path));
                facts_unknown(f, to, jsonx_str(note, "file"), "%s", jsonx_str(note, "reason"));
        }
}

void facts_dump(const struct facts *f, struct buf *out)
{
        cleanup_json struct json_object *root = json_object_new_object();

        json_object_object_add(root, "schema", json_object_new_string(FACTS_SCHEMA));
        json_object_object_add(root, "facts", json_object_get(f->tree));
        json_object_object_add(root, "unknown", json_object_get(f->unknown));
        json_object_object_add(root, "problems", json_object_get(f->problems));
        jsonx_print(root, out);
}

/* The member `key` of `root`, which must be of that type; borrowed. */
static int take_member(struct json_object *root, const char *key, enum json_type type,
                       struct json_object **member, struct err *err)
{
        struct json_object *node;

        if (!json_object_object_get_ex(root, key, &node) || !json_object_is_type(node, type))
                return err_set(err, -EINVAL, "\"%s\" is missing or not an %s", key,
                               json_type_to_name(type));
        json_object_put(*member);
        *member = json_object_get(node);
        return 0;
}

static int check_notes(struct json_object *notes, const char *const *keys, struct err *err)
{
        for (size_t i = 0; i < json_object_array_length(notes); i++)
                for (const char *const *key = keys; *key; key++)
                        if (!jsonx_str(json_object_array_get_idx(notes, i), *key))
                                return err_set(err, -EINVAL, "entry %zu has no string \"%s\"", i,
                                               *key);
        return 0;
}

int facts_load(struct span json, struct facts **ret, struct err *err)
{
        cleanup_json struct json_object *root = NULL;
        cleanup_facts struct facts *f = facts_new();
        const char *schema;
        int r;

        r = jsonx_parse(json, &root, err);
        if (r < 0)
                return r;
        schema = jsonx_str(root, "schema");
        if (!streq(schema, FACTS_SCHEMA))
                return err_set(err, -EINVAL, "this is not a facts file: \"schema\" is %s, not %s",
                               schema ? schema : "missing", FACTS_SCHEMA);
        r = take_member(root, "facts", json_type_object, &f->tree, err);
        if (r == 0)
                r = take_member(root, "unknown", json_type_array, &f->unknown, err);
        if (r == 0)
                r = take_member(root, "problems", json_type_array, &f->problems, err);
        if (r < 0)
                return r;
        r = check_notes(f->unknown, (const char *const[]){ "path", "reason", NULL }, err);
        if (r < 0)
                return err_wrap(err, r, "\"unknown\"");
        r = check_notes(f->problems, (const char *const[]){ "text", NULL }, err);
        if (r < 0)
                return err_wrap(err, r, "\"problems\"");
        *ret = TAKE_PTR(f);
        return 0;
}
