#include "rule/template.h"

#include "base/jsonx.h"
#include "base/xalloc.h"

struct piece {
        struct span text; /* literal, or the path between the braces */
        bool is_path;
};

/* False at the end. An unclosed brace takes the rest. */
static bool next_piece(const char **p, struct piece *ret)
{
        const char *s = *p;
        size_t n;

        if (!*s)
                return false;
        ret->is_path = s[0] == '{' && s[1] != '{';
        if (ret->is_path) {
                n = strcspn(++s, "}");
                *p = s + n + (s[n] == '}');
        } else {
                n = s[0] == '{' ? 1 : strcspn(s, "{");
                *p = s + n + (s[0] == '{');
        }
        ret->text = (struct span){ s, n };
        return true;
}

static void check_one(struct json_object *json, const struct place *at)
{
        const char *p = json_object_get_string(json);
        struct piece piece;

        if (!json_object_is_type(json, json_type_string) || !*p) {
                lint_mistake(at, "must be a text");
                return;
        }
        while (next_piece(&p, &piece)) {
                cleanup_free char *path = span_dup(piece.text);

                if (piece.is_path && piece.text.data[piece.text.len] != '}')
                        lint_mistake(at, "\"{%s\": the brace is not closed", path);
                else if (piece.is_path)
                        lint_path(at, path, LINT_SCALAR | LINT_TYPE(FACT_ARRAY));
        }
}

void template_check(struct json_object *json, const struct place *at)
{
        if (!json_object_is_type(json, json_type_array)) {
                check_one(json, at);
                return;
        }
        if (json_object_array_length(json) == 0)
                lint_mistake(at, "must be a text or a list of texts");
        for (size_t i = 0; i < json_object_array_length(json); i++) {
                struct place here = place_index(at, i);

                check_one(json_object_array_get_idx(json, i), &here);
        }
}

static bool put_plain(struct json_object *value, struct buf *out)
{
        if (!json_object_is_type(value, json_type_string) &&
            !json_object_is_type(value, json_type_int) &&
            !json_object_is_type(value, json_type_boolean))
                return false;
        buf_puts(out, json_object_get_string(value));
        return true;
}

/* False when it is nothing that can stand in a sentence, an empty list included. */
static bool put_value(struct json_object *value, struct buf *out)
{
        size_t n;

        if (!json_object_is_type(value, json_type_array))
                return put_plain(value, out);
        n = json_object_array_length(value);
        for (size_t i = 0; i < n; i++) {
                buf_puts(out, i ? ", " : "");
                if (!put_plain(json_object_array_get_idx(value, i), out))
                        return false;
        }
        return n > 0;
}

/* False when a fact was not there; "(not known)" stands in its place. */
static bool expand_one(const char *p, const struct scope *scope, struct buf *out)
{
        struct piece piece;
        bool complete = true;

        while (next_piece(&p, &piece)) {
                cleanup_free char *text = span_dup(piece.text);
                struct json_object *value;
                size_t before = out->len;

                if (!piece.is_path) {
                        buf_puts(out, text);
                } else if (scope_get(scope, text, &value) <= 0 || !put_value(value, out)) {
                        out->len = before;
                        buf_puts(out, "(not known)");
                        complete = false;
                }
        }
        return complete;
}

/* The text of that number, of a single text the first; NULL behind the end. */
static const char *get_text(struct json_object *json, size_t i)
{
        if (json_object_is_type(json, json_type_array))
                json = json_object_array_get_idx(json, i);
        else if (i > 0)
                return NULL;
        return json_object_get_string(json);
}

static char *expand(struct json_object *json, const struct scope *scope, bool fill)
{
        struct buf out = { 0 };
        const char *text;

        for (size_t i = 0; (text = get_text(json, i)); i++) {
                out.len = 0;
                if (expand_one(text, scope, &out) || (fill && !get_text(json, i + 1)))
                        return buf_take(&out);
        }
        buf_done(&out);
        return NULL;
}

char *template_expand(struct json_object *json, const struct scope *scope)
{
        return expand(json, scope, false);
}

char *template_fill(struct json_object *json, const struct scope *scope)
{
        return expand(json, scope, true);
}
