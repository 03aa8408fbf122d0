#include "parse/grubmenu.h"

#include <errno.h>
#include <stdint.h>

#include "base/str.h"
#include "parse/grubnumber.h"

#define NOWHERE SIZE_MAX

/* Up to a single '>'; in `spec` a '>' of the label is written twice. */
static bool label_matches(const char *label, const char *spec)
{
        for (;; label++, spec++) {
                if (spec[0] == '>' && spec[1] != '>')
                        return !*label;
                if (*spec == '>')
                        spec++;
                if (*label != *spec)
                        return false;
                if (!*label)
                        return true;
        }
}

static size_t find_label(const struct grubmenu_label *labels, size_t n, const char *spec, bool ids,
                         bool titles)
{
        for (size_t i = 0; i < n; i++)
                if ((titles && label_matches(labels[i].title, spec)) ||
                    (ids && label_matches(labels[i].id, spec)))
                        return i;
        return NOWHERE;
}

/* Red Hat's GRUB wants nothing but blanks after a number, so that it knows no "1>2" either. */
static size_t select_red_hat(const struct grubmenu_label *labels, size_t n, const char *spec)
{
        size_t i = find_label(labels, n, spec, true, false);
        const char *end;
        uint32_t number;

        if (i == NOWHERE)
                i = find_label(labels, n, spec, false, true);
        if (i == NOWHERE && grubnumber_parse(spec, &number, &end) == 0 && !*end)
                i = number;
        return i;
}

static size_t select_upstream(const struct grubmenu_label *labels, size_t n, const char *spec)
{
        uint32_t number;

        if (grubnumber_parse(spec, &number, NULL) == 0)
                return number;
        return find_label(labels, n, spec, true, true);
}

int grubmenu_select(const struct grubmenu_label *labels, size_t n, const char *spec,
                    enum grubmenu_kind kind, size_t *ret_index, struct err *err)
{
        uint32_t number;
        size_t i, other;

        *ret_index = 0;
        if (!spec)
                return 0;
        /* Machine ids, which entry files are named after, may well begin with such a number. */
        if (kind != GRUBMENU_RED_HAT && grubnumber_parse(spec, &number, NULL) == -ERANGE)
                return err_set(err, -ENODATA, "the number of the default entry is too large");
        i = select_upstream(labels, n, spec);
        other = select_red_hat(labels, n, spec);
        if (kind != GRUBMENU_EITHER)
                i = other = kind == GRUBMENU_RED_HAT ? other : i;
        if ((other >= n ? 0 : other) != (i >= n ? 0 : i))
                return err_set(err, -ENODATA,
                               "default \"%.100s\" means different entries to different versions "
                               "of GRUB",
                               spec);
        if (i >= n)
                return 0;
        *ret_index = i;
        return 1;
}

const char *grubmenu_rest(const char *spec)
{
        for (; spec && *spec; spec++) {
                if (spec[0] == '>' && spec[1] == '>')
                        spec++;
                else if (spec[0] == '>')
                        return spec[1] ? spec + 1 : NULL;
        }
        return NULL;
}
