#include "parse/releasefile.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

static const struct {
        const char *begins, *id;
} systems[] = {
        { "Red Hat Enterprise Linux", "rhel" },
        { "CentOS", "centos" },
        { "Oracle Linux", "ol" },
        { "Scientific Linux", "scientific" },
        { "Amazon Linux", "amzn" },
        { "Fedora", "fedora" },
        { "SUSE Linux Enterprise", "sles" },
        { "openSUSE", "opensuse" },
};

static bool is_version(const char *s, size_t len)
{
        if (len == 0 || !ascii_isdigit(*s))
                return false;
        for (size_t i = 0; i < len; i++)
                if (!ascii_isdigit(s[i]) && s[i] != '.')
                        return false;
        return true;
}

/* The first word that is a number, behind "release" if there is that word. */
static char *find_version(const char *line)
{
        const char *at = strstr(line, " release ");

        at = at ? at + strlen(" release ") : line;
        while (*at) {
                size_t len = strcspn(at, " \t");

                if (is_version(at, len))
                        return xmemdup0(at, len);
                at += len;
                at += strspn(at, " \t");
        }
        return NULL;
}

/* PATCHLEVEL = 4 of SUSE makes 11 to 11.4. */
static char *add_patchlevel(char *version, struct lines rest)
{
        struct line line;

        while (version && lines_next(&rest, &line)) {
                cleanup_free char *text = span_dup(line_strip(line.text));
                const char *value = str_after(text, "PATCHLEVEL");
                char *longer;

                if (!value)
                        continue;
                value += strspn(value, " \t=");
                if (!is_version(value, strlen(value)) || streq(value, "0") || strchr(version, '.'))
                        continue;
                longer = xasprintf("%s.%s", version, value);
                free(version);
                version = longer;
        }
        return version;
}

bool releasefile_parse(struct span text, struct osrelease *ret)
{
        struct lines lines = lines_of(text);
        cleanup_free char *name = NULL;
        struct line line;

        if (!lines_next(&lines, &line) || memchr(line.text.data, '\0', line.text.len))
                return false;
        name = span_dup(line_strip(line.text));
        if (is_version(name, strlen(name))) {
                *ret = (struct osrelease){ xstrdup("debian"), xstrdup(name),
                                           xasprintf("Debian GNU/Linux %s", name), 0 };
                return true;
        }
        for (size_t i = 0; i < ARRAY_SIZE(systems); i++) {
                if (!str_startswith(name, systems[i].begins))
                        continue;
                *ret = (struct osrelease){ xstrdup(systems[i].id),
                                           add_patchlevel(find_version(name), lines),
                                           TAKE_PTR(name), 0 };
                return true;
        }
        return false;
}
