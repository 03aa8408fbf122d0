#include "base/jsonx.h"

#include <errno.h>
#include <limits.h>

#include "base/str.h"

/* Line of the byte at `offset`, 1-based. */
static size_t line_at(struct span text, size_t offset)
{
        size_t line = 1;

        for (size_t i = 0; i < offset && i < text.len; i++)
                line += text.data[i] == '\n';
        return line;
}

int jsonx_parse(struct span text, struct json_object **ret, struct err *err)
{
        struct json_tokener *tok;
        cleanup_json struct json_object *root = NULL;
        enum json_tokener_error code;
        size_t end;

        if (text.len >= INT_MAX)
                return err_set(err, -EFBIG, "JSON text over 2 GiB");
        /* Not left to json-c: its 0.18 takes every character beyond ASCII for invalid. */
        end = str_utf8_length(text);
        if (end < text.len)
                return err_set(err, -EINVAL, "line %zu: not UTF-8", line_at(text, end));
        tok = json_tokener_new_ex(JSONX_DEPTH_MAX);
        if (!tok)
                return err_set(err, -ENOMEM, "no memory for a JSON parser");
        json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
        root = json_tokener_parse_ex(tok, text.data, (int)text.len);
        code = json_tokener_get_error(tok);
        end = json_tokener_get_parse_end(tok);
        json_tokener_free(tok);
        if (code == json_tokener_continue)
                return err_set(err, -EINVAL, "line %zu: the JSON text ends too early",
                               line_at(text, text.len));
        if (code != json_tokener_success)
                return err_set(err, -EINVAL, "line %zu: %s", line_at(text, end),
                               json_tokener_error_desc(code));
        for (size_t i = end; i < text.len; i++)
                if (!ascii_isspace(text.data[i]))
                        return err_set(err, -EINVAL, "line %zu: text after the JSON value",
                                       line_at(text, i));
        *ret = TAKE_PTR(root);
        return 0;
}

void jsonx_print(struct json_object *o, struct buf *out)
{
        buf_puts(out, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE));
        buf_putc(out, '\n');
}

struct json_object *jsonx_member(struct json_object *o, const char *key, enum json_type type)
{
        struct json_object *member;

        if (!json_object_is_type(o, json_type_object) ||
            !json_object_object_get_ex(o, key, &member) || !json_object_is_type(member, type))
                return NULL;
        return member;
}

const char *jsonx_str(struct json_object *o, const char *key)
{
        struct json_object *member = jsonx_member(o, key, json_type_string);

        return member ? json_object_get_string(member) : NULL;
}

bool jsonx_is(struct json_object *o, const char *key)
{
        struct json_object *member = jsonx_member(o, key, json_type_boolean);

        return member && json_object_get_boolean(member);
}

void jsonx_add_str(struct json_object *o, const char *key, const char *value)
{
        json_object_object_add(o, key, value ? json_object_new_string(value) : NULL);
}

void jsonx_add_int(struct json_object *o, const char *key, int64_t value)
{
        json_object_object_add(o, key, json_object_new_int64(value));
}
