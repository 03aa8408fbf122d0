#include "parse/grubnumber.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

static unsigned digit_value(char c)
{
        if (ascii_isdigit(c))
                return (unsigned)(c - '0');
        c |= 0x20;
        return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10 : 99;
}

int grubnumber_parse(const char *text, uint32_t *ret, const char **ret_end)
{
        unsigned base = 10;
        uint32_t value = 0;
        bool found = false, overflow = false;

        while (ascii_isspace(*text))
                text++;
        if (text[0] == '0' && text[1] == 'x') {
                base = 16;
                text += 2;
        } else if (text[0] == '0' && text[1] >= '0' && text[1] <= '7') {
                base = 8;
        }
        for (; digit_value(*text) < base; text++) {
                found = true;
                overflow = overflow || __builtin_mul_overflow(value, base, &value) ||
                           __builtin_add_overflow(value, digit_value(*text), &value);
        }
        if (overflow || !found)
                return overflow ? -ERANGE : -EINVAL;
        *ret = value;
        if (ret_end)
                *ret_end = text;
        return 0;
}
