#include "parse/unitname.h"

#include <string.h>

#include "base/str.h"

static int hex_digit(char c)
{
        if (ascii_isdigit(c))
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *unitname_to_path(struct span unit, const char *suffix)
{
        size_t n = strlen(suffix);
        struct buf out = { 0 };

        if (unit.len <= n || memcmp(unit.data + unit.len - n, suffix, n) != 0)
                return NULL;
        buf_putc(&out, '/');
        for (size_t i = 0; i < unit.len - n; i++) {
                const char *p = unit.data + i;

                if (unit.len - n - i > 3 && p[0] == '\\' && p[1] == 'x' && hex_digit(p[2]) >= 0 &&
                    hex_digit(p[3]) >= 0) {
                        buf_putc(&out, (char)(hex_digit(p[2]) << 4 | hex_digit(p[3])));
                        i += 3;
                } else if (!(unit.len - n == 1 && *p == '-')) {
                        buf_putc(&out, *p == '-' ? '/' : *p);
                }
        }
        return buf_take(&out);
}

char *unitname_of_path(const char *path, const char *suffix)
{
        struct buf out = { 0 };

        for (const char *p = path; *p; p++) {
                if (*p == '/') {
                        while (p[1] == '/')
                                p++;
                        if (out.len > 0 && p[1])
                                buf_putc(&out, '-');
                } else if (ascii_isalnum(*p) || *p == '_' || *p == ':' ||
                           (*p == '.' && out.len > 0)) {
                        buf_putc(&out, *p);
                } else {
                        buf_printf(&out, "\\x%02x", (unsigned char)*p);
                }
        }
        if (out.len == 0)
                buf_putc(&out, '-');
        buf_puts(&out, suffix);
        return buf_take(&out);
}
