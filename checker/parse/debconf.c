#include "parse/debconf.h"

#include "base/str.h"
#include "parse/lines.h"

/* What follows "KEY:" on the line, blanks cut. */
static bool field(struct span line, const char *key, struct span *ret)
{
        size_t n = strlen(key);

        if (line.len <= n || memcmp(line.data, key, n) != 0 || line.data[n] != ':')
                return false;
        *ret = line_strip((struct span){ line.data + n + 1, line.len - n - 1 });
        return true;
}

bool debconf_find(struct span text, const char *question, struct debconf_answer *ret)
{
        struct lines lines = lines_of(text);
        bool is_it = false;
        struct line line;

        while (lines_next(&lines, &line)) {
                struct span value;

                if (line_strip(line.text).len == 0)
                        is_it = false;
                else if (field(line.text, "Name", &value))
                        is_it = span_eq(value, question);
                else if (is_it && field(line.text, "Value", &value) && value.len > 0) {
                        *ret = (struct debconf_answer){ value, line.number, line.text };
                        return true;
                }
        }
        return false;
}

bool debconf_next_choice(struct span *rest, struct span *ret)
{
        size_t n = 0;

        if (rest->len == 0)
                return false;
        while (n < rest->len && rest->data[n] != ',')
                n += rest->data[n] == '\\' && n + 1 < rest->len ? 2 : 1;
        *ret = line_strip((struct span){ rest->data, n });
        if (n < rest->len)
                n++;
        rest->data += n;
        rest->len -= n;
        return true;
}
