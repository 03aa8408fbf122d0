#include "parse/modinfo.h"

#include <errno.h>
#include <stdint.h>

#include "base/str.h"

/* ---- ELF, https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html --------------------
 */

struct elf {
        struct span file;
        bool wide, big; /* 64 bits; most significant byte first */
        uint64_t headers;
        size_t header_len, n, names;
};

struct section {
        uint64_t name, type, offset, len;
};

#define SECTION_NO_BITS 8
#define SECTION_ESCAPE  0xffff /* the index is elsewhere: more sections than a module has */

static uint64_t get(const struct elf *e, size_t at, size_t width)
{
        uint64_t value = 0;

        for (size_t i = 0; i < width; i++)
                value = value << 8 | (uint8_t)e->file.data[at + (e->big ? i : width - 1 - i)];
        return value;
}

static bool is_inside(const struct elf *e, uint64_t offset, uint64_t len)
{
        return offset <= e->file.len && len <= e->file.len - offset;
}

static int open_elf(struct span file, struct elf *ret, struct err *err)
{
        struct elf e = { .file = file };
        size_t head;

        if (file.len < 52 || memcmp(file.data, "\177ELF", 4) != 0)
                return err_set(err, -EINVAL, "no ELF file");
        if ((file.data[4] != 1 && file.data[4] != 2) || (file.data[5] != 1 && file.data[5] != 2))
                return err_set(err, -EINVAL, "an ELF file of a kind that does not exist");
        e.wide = file.data[4] == 2;
        e.big = file.data[5] == 2;
        head = e.wide ? 64 : 52;
        if (file.len < head)
                return err_set(err, -EINVAL, "an ELF file that is cut off");
        e.headers = e.wide ? get(&e, 0x28, 8) : get(&e, 0x20, 4);
        e.header_len = get(&e, head - 6, 2);
        e.n = get(&e, head - 4, 2);
        e.names = get(&e, head - 2, 2);
        if (e.header_len < (e.wide ? 64 : 40) || e.n == 0 || e.n > MODINFO_SECTIONS_MAX ||
            e.names >= e.n || e.names == SECTION_ESCAPE ||
            !is_inside(&e, e.headers, (uint64_t)e.header_len * e.n))
                return err_set(err, -EINVAL, "an ELF file that is damaged or cut off");
        *ret = e;
        return 0;
}

static struct section section_at(const struct elf *e, size_t i)
{
        size_t at = (size_t)e->headers + i * e->header_len;

        return e->wide ? (struct section){ get(e, at, 4), get(e, at + 4, 4), get(e, at + 24, 8),
                                           get(e, at + 32, 8) }
                       : (struct section){ get(e, at, 4), get(e, at + 4, 4), get(e, at + 16, 4),
                                           get(e, at + 20, 4) };
}

static bool is_named(const struct elf *e, const struct section *names, uint64_t name,
                     struct span want)
{
        return name < names->len && names->len - name > want.len &&
               memcmp(e->file.data + names->offset + name, want.data, want.len) == 0 &&
               e->file.data[names->offset + name + want.len] == '\0';
}

int modinfo_section(struct span file, const char *name, struct span *ret, struct err *err)
{
        struct section names;
        struct elf e;
        int r = open_elf(file, &e, err);

        if (r < 0)
                return r;
        names = section_at(&e, e.names);
        if (names.type == SECTION_NO_BITS || !is_inside(&e, names.offset, names.len))
                return err_set(err, -EINVAL, "an ELF file that is damaged or cut off");
        for (size_t i = 0; i < e.n; i++) {
                struct section s = section_at(&e, i);

                if (!is_named(&e, &names, s.name, span_of(name)))
                        continue;
                if (s.type == SECTION_NO_BITS || !is_inside(&e, s.offset, s.len))
                        return err_set(err, -EINVAL, "its section %s is cut off", name);
                *ret = (struct span){ file.data + s.offset, (size_t)s.len };
                return 1;
        }
        return 0;
}

/* ---- strings --------------------------------------------------------------------------------- */

bool modinfo_next(struct span *rest, struct span *ret_key, struct span *ret_value)
{
        while (rest->len > 0) {
                const char *end = memchr(rest->data, '\0', rest->len);
                struct span s = { rest->data, end ? (size_t)(end - rest->data) : rest->len };
                const char *equals = s.len ? memchr(s.data, '=', s.len) : NULL;
                size_t used = s.len + (end != NULL);

                *rest = (struct span){ rest->data + used, rest->len - used };
                if (!equals)
                        continue;
                *ret_key = (struct span){ s.data, (size_t)(equals - s.data) };
                *ret_value = (struct span){ equals + 1, s.len - ret_key->len - 1 };
                return true;
        }
        return false;
}

bool modinfo_find(struct span section, const char *key, struct span *ret_value)
{
        struct span k, value;

        while (modinfo_next(&section, &k, &value)) {
                if (!span_eq(k, key))
                        continue;
                *ret_value = value;
                return true;
        }
        return false;
}

/* What follows `text` in `s`. */
static bool skip(struct span *s, const char *text)
{
        size_t len = strlen(text);

        if (s->len < len || memcmp(s->data, text, len) != 0)
                return false;
        *s = (struct span){ s->data + len, s->len - len };
        return true;
}

bool modinfo_param_type(struct span section, const char *module, const char *param,
                        struct span *ret_type)
{
        struct span key, value;

        while (modinfo_next(&section, &key, &value)) {
                if (module && (!skip(&key, module) || !skip(&key, ".")))
                        continue;
                if (!span_eq(key, "parmtype") || !skip(&value, param) || !skip(&value, ":"))
                        continue;
                *ret_type = value;
                return true;
        }
        return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The names module_param() gives its types; a long as on 64 bits. */
static const struct {
        const char *type, *max;
        uint64_t largest;
        bool is_signed;
} types[] = {
        { "byte", "255", UINT8_MAX, false },
        { "short", "32767", INT16_MAX, true },
        { "ushort", "65535", UINT16_MAX, false },
        { "int", "2147483647", INT32_MAX, true },
        { "uint", "4294967295", UINT32_MAX, false },
        { "hexint", "4294967295", UINT32_MAX, false },
        { "long", "9223372036854775807", INT64_MAX, true },
        { "ulong", "18446744073709551615", UINT64_MAX, false },
        { "ullong", "18446744073709551615", UINT64_MAX, false },
};

static unsigned digit_of(char c)
{
        if (ascii_isdigit(c))
                return (unsigned)(c - '0');
        c |= 0x20;
        return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* 0, -EINVAL, or -ERANGE: as kstrtoull(value, 0, ...). */
static int read_number(const char *s, uint64_t *ret)
{
        unsigned base = 10;
        uint64_t value = 0;
        bool overflow = false;

        if (s[0] == '0' && (s[1] | 0x20) == 'x' && digit_of(s[2]) < 16) {
                base = 16;
                s += 2;
        } else if (s[0] == '0') {
                base = 8;
        }
        if (digit_of(*s) >= base)
                return -EINVAL;
        for (; digit_of(*s) < base; s++)
                overflow |= __builtin_mul_overflow(value, base, &value) ||
                            __builtin_add_overflow(value, digit_of(*s), &value);
        /* The kernel stops at an overflow, whatever follows the digits. */
        if (overflow)
                return -ERANGE;
        if (*s == '\n')
                s++;
        if (*s)
                return -EINVAL;
        *ret = value;
        return 0;
}

enum modinfo_fit modinfo_value_fit(const char *type, const char *value, const char **ret_max)
{
        *ret_max = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
                uint64_t largest = types[i].largest, number;
                int r;

                if (!streq(type, types[i].type))
                        continue;
                *ret_max = types[i].max;
                if (!value)
                        return MODINFO_NO_NUMBER;
                if (types[i].is_signed && *value == '-') {
                        largest++;
                        value++;
                } else if (*value == '+') {
                        value++;
                }
                r = read_number(value, &number);
                if (r == -EINVAL)
                        return MODINFO_NO_NUMBER;
                return r < 0 || number > largest ? MODINFO_TOO_LARGE : MODINFO_FITS;
        }
        return MODINFO_NO_OPINION;
}
