#include "base/wrap.h"

#include "base/xalloc.h"

char *wrap_printable(const char *text)
{
        const unsigned char *p = (const unsigned char *)text;
        struct buf out = { 0 };

        for (; *p; p++) {
                if (*p == '\t')
                        buf_putc(&out, ' ');
                else if (*p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
                        buf_printf(&out, "\\x%02x", *p);
                else if (*p >= 0x80 && *p < 0xa0 && p > (const unsigned char *)text &&
                         p[-1] == 0xc2)
                        buf_printf(&out, "\\x%02x", *p);
                else
                        buf_putc(&out, (char)*p);
        }
        return buf_take(&out);
}

size_t wrap_columns(const char *s, size_t len)
{
        size_t n = 0;

        for (size_t i = 0; i < len; i++)
                n += ((unsigned char)s[i] & 0xc0) != 0x80;
        return n;
}

void wrap_text(struct buf *out, size_t indent, const char *label, const char *raw)
{
        cleanup_free char *text = wrap_printable(raw);
        size_t left = indent + strlen(label), column = left;
        const char *p = text;

        buf_printf(out, "%*s%s", (int)indent, "", label);
        while (*(p += strspn(p, " "))) {
                size_t len = strcspn(p, " "), width = wrap_columns(p, len);

                if (column > left && column + 1 + width > WRAP_WIDTH) {
                        buf_printf(out, "\n%*s", (int)left, "");
                        column = left;
                } else if (column > left) {
                        buf_putc(out, ' ');
                        column++;
                }
                buf_append(out, p, len);
                column += width;
                p += len;
        }
        buf_putc(out, '\n');
}
