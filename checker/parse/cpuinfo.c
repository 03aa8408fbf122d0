#include "parse/cpuinfo.h"

static struct span trim(struct span s)
{
        while (s.len > 0 && ascii_isspace(s.data[0]))
                s.data++, s.len--;
        while (s.len > 0 && ascii_isspace(s.data[s.len - 1]))
                s.len--;
        return s;
}

/* `key : value`; false when the line is something else. */
static bool split_line(struct span line, struct span *ret_key, struct span *ret_value)
{
        const char *colon = memchr(line.data, ':', line.len);

        if (!colon)
                return false;
        *ret_key = trim((struct span){ line.data, (size_t)(colon - line.data) });
        *ret_value = trim((struct span){ colon + 1, line.len - (size_t)(colon + 1 - line.data) });
        return true;
}

static void split_flags(struct span words, struct strv *ret)
{
        while (words.len > 0 && ret->n < CPUINFO_FLAGS_MAX) {
                size_t n = 0;

                while (n < words.len && !ascii_isspace(words.data[n]))
                        n++;
                strv_push_take(ret, span_dup((struct span){ words.data, n }));
                words = trim((struct span){ words.data + n, words.len - n });
        }
}

int cpuinfo_flags(struct span text, struct strv *ret)
{
        while (text.len > 0) {
                const char *end = memchr(text.data, '\n', text.len);
                struct span line = { text.data, end ? (size_t)(end - text.data) : text.len };
                size_t taken = line.len + (end != NULL);
                struct span key, value;

                text.data += taken;
                text.len -= taken;
                if (!split_line(line, &key, &value) ||
                    (!span_eq(key, "flags") && !span_eq(key, "Features")))
                        continue;
                *ret = (struct strv){ 0 };
                split_flags(value, ret);
                return 1;
        }
        return 0;
}
