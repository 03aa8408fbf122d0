#include "parse/mountinfo.h"

#include <errno.h>
#include <stdbool.h>

#include "base/str.h"
#include "base/xalloc.h"

void mountinfo_done(struct mountinfo *m)
{
        for (size_t i = 0; i < m->n; i++) {
                free(m->v[i].root);
                free(m->v[i].target);
                free(m->v[i].type);
                free(m->v[i].source);
        }
        free(m->v);
        *m = (struct mountinfo){ 0 };
}

/* The next field; they stand one single blank apart, so one may be empty. */
static bool take_field(struct span *line, struct span *ret)
{
        const char *end;

        if (!line->data)
                return false;
        end = memchr(line->data, ' ', line->len);
        *ret = (struct span){ line->data, end ? (size_t)(end - line->data) : line->len };
        line->data = end ? end + 1 : NULL;
        line->len -= ret->len + (end != NULL);
        return true;
}

static bool is_octal(char c)
{
        return c >= '0' && c <= '7';
}

/* The kernel writes blank, tab, newline, backslash and # as \ooo. */
static char *unescape(struct span s)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < s.len; i++) {
                const char *p = s.data + i;

                if (s.len - i >= 4 && p[0] == '\\' && is_octal(p[1]) && p[1] <= '3' &&
                    is_octal(p[2]) && is_octal(p[3])) {
                        buf_putc(&out,
                                 (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0')));
                        i += 3;
                } else {
                        buf_putc(&out, *p);
                }
        }
        return buf_take(&out);
}

static bool to_u32(struct span s, uint32_t *ret)
{
        uint64_t value;

        if (str_to_u64(s, &value) < 0 || value > UINT32_MAX)
                return false;
        *ret = (uint32_t)value;
        return true;
}

static bool parse_device(struct span s, struct mountinfo_entry *e)
{
        const char *colon = memchr(s.data, ':', s.len);
        size_t n = colon ? (size_t)(colon - s.data) : 0;

        return colon && to_u32((struct span){ s.data, n }, &e->major) &&
               to_u32((struct span){ colon + 1, s.len - n - 1 }, &e->minor);
}

static bool parse_line(struct span line, struct mountinfo_entry *e)
{
        struct span id, parent, device, root, target, options, field, type, source;

        if (!take_field(&line, &id) || !take_field(&line, &parent) || !take_field(&line, &device) ||
            !take_field(&line, &root) || !take_field(&line, &target) ||
            !take_field(&line, &options))
                return false;
        /* any number of optional fields, and a dash after them */
        do {
                if (!take_field(&line, &field))
                        return false;
        } while (!span_eq(field, "-"));
        if (!take_field(&line, &type) || !take_field(&line, &source))
                return false;
        if (str_to_u64(id, &e->id) < 0 || !parse_device(device, e))
                return false;
        e->root = unescape(root);
        e->target = unescape(target);
        e->type = unescape(type);
        e->source = unescape(source);
        return true;
}

int mountinfo_parse(struct span text, struct mountinfo *ret, struct err *err)
{
        cleanup_mountinfo struct mountinfo m = { 0 };
        size_t number = 0;

        while (text.len > 0) {
                const char *end = memchr(text.data, '\n', text.len);
                struct span line = { text.data, end ? (size_t)(end - text.data) : text.len };
                size_t taken = line.len + (end != NULL);

                text.data += taken;
                text.len -= taken;
                number++;
                if (m.n == MOUNTINFO_ENTRIES_MAX)
                        return err_set(err, -EFBIG, "more than %d mounts", MOUNTINFO_ENTRIES_MAX);
                if (!parse_line(line, ARRAY_PUSH(&m.v, &m.n, &m.cap)))
                        return err_set(err, -EINVAL, "line %zu: not a line of mountinfo", number);
        }
        *ret = m;
        m = (struct mountinfo){ 0 };
        return 0;
}
