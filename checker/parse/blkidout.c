#include "parse/blkidout.h"

#include <errno.h>
#include <stdbool.h>

#include "base/str.h"
#include "base/xalloc.h"

void blkidout_done(struct blkidout *o)
{
        for (size_t i = 0; i < o->n; i++) {
                free(o->v[i].name);
                free(o->v[i].uuid);
                free(o->v[i].label);
                free(o->v[i].type);
                free(o->v[i].partuuid);
                free(o->v[i].partlabel);
        }
        free(o->v);
        *o = (struct blkidout){ 0 };
}

/* Where the value of a tag is kept; NULL: a tag of no interest. */
static char **tag_slot(struct blkidout_device *d, struct span tag)
{
        const struct {
                const char *tag;
                char **slot;
        } slots[] = {
                { "UUID", &d->uuid },
                { "LABEL", &d->label },
                { "TYPE", &d->type },
                { "PARTUUID", &d->partuuid },
                { "PARTLABEL", &d->partlabel },
                /* the same two as `blkid -p` spells them */
                { "PART_ENTRY_UUID", &d->partuuid },
                { "PART_ENTRY_NAME", &d->partlabel },
        };

        for (size_t i = 0; i < ARRAY_SIZE(slots); i++)
                if (span_eq(tag, slots[i].tag))
                        return slots[i].slot;
        return NULL;
}

static bool is_tag_char(char c)
{
        return (c >= 'A' && c <= 'Z') || ascii_isdigit(c) || c == '_';
}

static struct span skip_blanks(struct span s)
{
        while (s.len > 0 && ascii_isblank(s.data[0]))
                s.data++, s.len--;
        return s;
}

/* TAG=" off the front of `line`. */
static bool take_tag(struct span *line, struct span *ret_tag)
{
        size_t n = 0;

        while (n < line->len && is_tag_char(line->data[n]))
                n++;
        if (n == 0 || n + 2 > line->len || line->data[n] != '=' || line->data[n + 1] != '"')
                return false;
        *ret_tag = (struct span){ line->data, n };
        line->data += n + 2;
        line->len -= n + 2;
        return true;
}

/* The rest of a value and its closing quote off the front of `line`. */
static bool take_value(struct span *line, struct buf *value)
{
        for (size_t i = 0; i < line->len; i++) {
                char c = line->data[i];
                bool last = i + 1 == line->len;

                if (c == '"' && (last || ascii_isblank(line->data[i + 1]))) {
                        line->data += i + 1;
                        line->len -= i + 1;
                        return true;
                }
                if (c == '\\' && !last && (line->data[i + 1] == '"' || line->data[i + 1] == '\\'))
                        c = line->data[++i];
                buf_putc(value, c);
        }
        return false;
}

/* The name ends at the first colon before a blank; by-path names have colons inside. */
static bool take_name(struct span *line, struct span *ret_name)
{
        for (size_t i = 1; i + 1 < line->len; i++) {
                if (line->data[i] != ':' || !ascii_isblank(line->data[i + 1]))
                        continue;
                *ret_name = (struct span){ line->data, i };
                line->data += i + 1;
                line->len -= i + 1;
                return true;
        }
        return false;
}

static int parse_tags(struct span line, size_t number, struct blkidout_device *d, struct err *err)
{
        while ((line = skip_blanks(line)).len > 0) {
                cleanup_buf struct buf value = { 0 };
                struct span tag;
                char **slot;

                if (!take_tag(&line, &tag))
                        return err_set(err, -EINVAL, "line %zu: no TAG=\"value\" where one belongs",
                                       number);
                if (!take_value(&line, &value))
                        return err_set(err, -EINVAL, "line %zu: the value of %.*s has no end",
                                       number, (int)tag.len, tag.data);
                slot = tag_slot(d, tag);
                if (!slot || value.len == 0)
                        continue;
                if (*slot)
                        return err_set(err, -EINVAL, "line %zu: %.*s stands there twice", number,
                                       (int)tag.len, tag.data);
                *slot = buf_take(&value);
        }
        return 0;
}

static int parse_line(struct span line, size_t number, struct blkidout *out, struct err *err)
{
        struct blkidout_device *d;
        struct span name;

        if (memchr(line.data, '\0', line.len))
                return err_set(err, -EINVAL, "line %zu: a NUL byte", number);
        if (!take_name(&line, &name) || skip_blanks(line).len == 0)
                return err_set(err, -EINVAL,
                               "line %zu: not a line of blkid(8), as /dev/xvda1: UUID=\"...\"",
                               number);
        if (out->n == BLKIDOUT_DEVICES_MAX)
                return err_set(err, -EFBIG, "line %zu: more than %d devices", number,
                               BLKIDOUT_DEVICES_MAX);
        d = ARRAY_PUSH(&out->v, &out->n, &out->cap);
        d->name = span_dup(name);
        return parse_tags(line, number, d, err);
}

int blkidout_parse(struct span text, struct blkidout *ret, struct err *err)
{
        cleanup_blkidout struct blkidout out = { 0 };
        size_t number = 0;

        while (text.len > 0) {
                const char *end = memchr(text.data, '\n', text.len);
                struct span line = { text.data, end ? (size_t)(end - text.data) : text.len };
                size_t taken = line.len + (end != NULL);
                int r;

                text.data += taken;
                text.len -= taken;
                number++;
                while (line.len > 0 && ascii_isspace(line.data[line.len - 1]))
                        line.len--;
                line = skip_blanks(line);
                if (line.len == 0)
                        continue;
                r = parse_line(line, number, &out, err);
                if (r < 0)
                        return r;
        }
        *ret = out;
        out = (struct blkidout){ 0 };
        return 0;
}
