#include "parse/lines.h"

#include "base/str.h"

bool lines_next(struct lines *l, struct line *ret)
{
        const char *newline;
        size_t len, ending = 0;

        if (l->rest.len == 0)
                return false;
        newline = memchr(l->rest.data, '\n', l->rest.len);
        len = newline ? (size_t)(newline - l->rest.data) : l->rest.len;
        if (newline)
                ending = 1;
        if (newline && len > 0 && newline[-1] == '\r') {
                len--;
                ending = 2;
        }
        *ret = (struct line){
                .text = { l->rest.data, len },
                .ending = { l->rest.data + len, ending },
                .number = ++l->number,
        };
        l->rest.data += len + ending;
        l->rest.len -= len + ending;
        return true;
}

struct span line_strip(struct span text)
{
        while (text.len > 0 && ascii_isblank(text.data[0]))
                text.data++, text.len--;
        while (text.len > 0 && ascii_isblank(text.data[text.len - 1]))
                text.len--;
        return text;
}
