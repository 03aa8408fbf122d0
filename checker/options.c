#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>

#include "base/xalloc.h"
#include "cmd.h"

enum kind {
        FLAG,   /* bool */
        STRING, /* const char * */
        LIST,   /* strv, comma-separated and repeatable */
};

static const struct option_spec {
        const char *name, *arg, *help;
        enum kind kind;
        char letter;
        size_t offset;
} specs[] = {
#define FIELD(f) offsetof(struct options, f)
        { "root", "DIR", "a volume mounted or unpacked at DIR, not this machine", STRING, 0,
          FIELD(root) },
        { "facts", "FILE", "decide from recorded facts, look at nothing", STRING, 0, FIELD(facts) },
        { "mode", "MODE", "resize (default), or clone: a new instance from an image of this one",
          STRING, 0, FIELD(mode) },
        { "source", "TYPE", "instance type to move from; live, the instance's own", STRING, 0,
          FIELD(source) },
        { "target", "TYPE", "instance type to move to, such as m5.large", STRING, 0,
          FIELD(target) },
        { "suggest", "TYPE", "the Nitro types nearest to TYPE, and what changes", STRING, 0,
          FIELD(suggest) },
        { "blkid", "FILE", "output of blkid saved on the Xen instance", STRING, 0, FIELD(blkid) },
        { "format", "FORMAT", "text (default) or json", STRING, 0, FIELD(format) },
        { "output", "FILE", "write to FILE, not to stdout", STRING, 'o', FIELD(output) },
        { "rules", "DIR", "add the rules of DIR; one with a known id replaces it", LIST, 0,
          FIELD(rules) },
        { "waivers", "FILE", "findings that somebody answers for, which do not count", STRING, 0,
          FIELD(waivers) },
        { "only", "RULE,...", "look at these rules only; the others are skipped", LIST, 0,
          FIELD(only) },
        { "skip", "RULE,...", "skip these; a skipped blocker leaves the verdict undetermined", LIST,
          0, FIELD(skip) },
        { "confirm", "FIX,...", "let fixes run that want to be asked for by name", LIST, 0,
          FIELD(confirm) },
        { "chroot", NULL, "run the volume's own tools, in a chroot", FLAG, 0, FIELD(chroot) },
        { "dry-run", NULL, "show the plan alone, as the verb plan does", FLAG, 'n',
          FIELD(dry_run) },
        { "yes", NULL, "do not ask", FLAG, 'y', FIELD(yes) },
        { "strict", NULL, "count warnings like blockers", FLAG, 0, FIELD(strict) },
        { "no-color", NULL, "no colour, even on a terminal (also: NO_COLOR)", FLAG, 0,
          FIELD(no_color) },
        { "verbose", NULL, "also a line for each check that passed", FLAG, 'v', FIELD(verbose) },
        { "quiet", NULL, "the verdict alone, no progress", FLAG, 'q', FIELD(quiet) },
        { "help", NULL, "this text", FLAG, 'h', FIELD(help) },
#undef FIELD
};

/* Is `name` one of the blank-separated words? "help" always is. */
static bool takes(const struct cmd *cmd, const char *name)
{
        size_t n = strlen(name);

        for (const char *p = cmd->options; (p = strstr(p, name)); p += n)
                if ((p == cmd->options || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
                        return true;
        return streq(name, "help");
}

static void add_list(struct strv *list, const char *value)
{
        while (*value) {
                size_t n = strcspn(value, ",");

                if (n)
                        strv_push_take(list, xmemdup0(value, n));
                value += n + (value[n] == ',');
        }
}

static void store(struct options *o, const struct option_spec *spec, const char *value)
{
        void *field = (char *)o + spec->offset;

        switch (spec->kind) {
        case FLAG:
                *(bool *)field = true;
                break;
        case STRING:
                *(const char **)field = value;
                break;
        case LIST:
                add_list(field, value);
                break;
        }
}

static int unknown_option(const struct cmd *cmd, const char *given, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *hint = NULL, *name = xmemdup0(given, strcspn(given, "="));

        for (size_t i = 0; i < ARRAY_SIZE(specs); i++)
                if (takes(cmd, specs[i].name))
                        strv_push_take(&names, xasprintf("--%s", specs[i].name));
        hint = cmd_hint(name, &names);
        return err_set(err, -EINVAL, "%s: unknown option %s%s", cmd->name, name, hint);
}

int options_parse(const struct cmd *cmd, int argc, char **argv, struct options *ret,
                  struct err *err)
{
        struct option longs[ARRAY_SIZE(specs) + 1] = { 0 };
        char shorts[2 + 2 * ARRAY_SIZE(specs)] = ":", *s = shorts + 1;
        size_t map[ARRAY_SIZE(specs)], n = 0;
        int c, index;

        for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
                if (!takes(cmd, specs[i].name))
                        continue;
                longs[n] = (struct option){ specs[i].name,
                                            specs[i].arg ? required_argument : no_argument, NULL,
                                            256 };
                map[n++] = i;
                if (specs[i].letter) {
                        *s++ = specs[i].letter;
                        if (specs[i].arg)
                                *s++ = ':';
                }
        }
        *s = '\0';
        opterr = 0;
        optind = 1;
        while ((c = getopt_long(argc, argv, shorts, longs, &index)) != -1) {
                const struct option_spec *spec = NULL;

                if (c == ':')
                        return err_set(err, -EINVAL, "%s: %s needs an argument", cmd->name,
                                       argv[optind - 1]);
                if (c == 256)
                        spec = &specs[map[index]];
                for (size_t i = 0; c != 256 && i < n; i++)
                        if (specs[map[i]].letter == c)
                                spec = &specs[map[i]];
                if (!spec && optopt) {
                        char given[] = { '-', (char)optopt, '\0' };

                        return unknown_option(cmd, given, err);
                }
                if (!spec)
                        return unknown_option(cmd, argv[optind - 1], err);
                store(ret, spec, optarg);
        }
        ret->args = argv + optind;
        ret->n_args = argc - optind;
        return 0;
}

void options_done(struct options *o)
{
        strv_done(&o->rules);
        strv_done(&o->only);
        strv_done(&o->skip);
        strv_done(&o->confirm);
}

void options_help(const struct cmd *cmd, struct buf *out)
{
        for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
                const struct option_spec *s = &specs[i];
                cleanup_free char *name = NULL;

                if (!takes(cmd, s->name))
                        continue;
                name = xasprintf("--%s%s%s", s->name, s->arg ? " " : "", s->arg ? s->arg : "");
                if (s->letter)
                        buf_printf(out, "  -%c, %-17s  %s\n", s->letter, name, s->help);
                else
                        buf_printf(out, "      %-17s  %s\n", name, s->help);
        }
}
