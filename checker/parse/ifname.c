#include "parse/ifname.h"

#include "base/str.h"

static bool is_word(char c)
{
        return ascii_isalnum(c) || c == '_';
}

static size_t count_digits(struct span s, size_t at)
{
        size_t n = 0;

        while (at + n < s.len && ascii_isdigit(s.data[at + n]))
                n++;
        return n;
}

/* How long the name is that begins here; 0: none does. */
static size_t measure(struct span s)
{
        static const char *const prefixes[] = { "eth", "ens", "enX", "eno", "enp" };
        size_t digits, n;

        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
                n = strlen(prefixes[i]);
                if (s.len <= n || memcmp(s.data, prefixes[i], n) != 0)
                        continue;
                if (s.data[n] == '+')
                        return n + 1;
                digits = count_digits(s, n);
                if (digits == 0 || digits > 4)
                        continue;
                n += digits;
                /* enp0s5, and ens5f1 of a card with several ports. */
                while (n + 1 < s.len && strchr("sfdnp", s.data[n]) && s.data[n] &&
                       (digits = count_digits(s, n + 1)) > 0)
                        n += 1 + digits;
                return n < s.len && is_word(s.data[n]) ? 0 : n;
        }
        return 0;
}

bool ifname_next(struct span *rest, struct span *ret)
{
        for (size_t i = 0; i < rest->len; i++) {
                struct span here = { rest->data + i, rest->len - i };
                size_t n = i > 0 && is_word(here.data[-1]) ? 0 : measure(here);

                if (n == 0)
                        continue;
                *ret = (struct span){ here.data, n };
                *rest = (struct span){ here.data + n, here.len - n };
                return true;
        }
        *rest = (struct span){ rest->data + rest->len, 0 };
        return false;
}
