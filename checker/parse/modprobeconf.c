#include "parse/modprobeconf.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"

static const char *const verbs[_MODPROBE_VERB_MAX] = {
        [MODPROBE_ALIAS] = "alias",
        [MODPROBE_BLACKLIST] = "blacklist",
        [MODPROBE_INSTALL] = "install",
        [MODPROBE_REMOVE] = "remove",
        [MODPROBE_OPTIONS] = "options",
        [MODPROBE_SOFTDEP] = "softdep",
        [MODPROBE_ALLOW_UNSUPPORTED] = "allow_unsupported_modules",
};

const char *modprobe_verb_name(enum modprobe_verb v)
{
        return verbs[v];
}

int modprobe_normalise(char *name)
{
        for (char *p = name; *p; p++) {
                if (*p == '-')
                        *p = '_';
                else if (*p == ']')
                        return -EINVAL;
                else if (*p == '[' && !(p = strchr(p, ']')))
                        return -EINVAL;
        }
        return 0;
}

/* One line with its continuations off the front of `rest`, joined into `ret_line`. */
static struct span next_line(struct span *rest, size_t *ret_lines, struct buf *ret_line)
{
        const char *start = rest->data, *p = start, *end = start + rest->len;
        struct span text;

        *ret_lines = 1;
        ret_line->len = 0;
        buf_append(ret_line, "", 0);
        for (; p < end && *p != '\n'; p++) {
                if (*p == '\\') {
                        if (++p == end)
                                break;
                        if (*p == '\n') {
                                ++*ret_lines;
                                continue;
                        }
                }
                buf_putc(ret_line, *p);
        }
        text = (struct span){ start, (size_t)(p - start) };
        if (p < end)
                p++;
        *rest = (struct span){ p, (size_t)(end - p) };
        return text;
}

/* The next word at *at, cut out of its line, or NULL. */
static char *next_word(char **at)
{
        char *word;

        while (ascii_isblank(**at))
                ++*at;
        if (!**at)
                return NULL;
        word = *at;
        while (**at && !ascii_isblank(**at))
                ++*at;
        if (**at)
                *(*at)++ = '\0';
        return word;
}

static int verb_of(const char *word)
{
        for (int v = 0; v < _MODPROBE_VERB_MAX; v++)
                if (streq(word, verbs[v]))
                        return v;
        return -EINVAL;
}

static void parse_line(char *line, size_t number, struct span text, struct modprobe_conf *ret)
{
        struct modprobe_line *l;
        char *word, *name, *value;
        int verb;

        if (*line == '#' || !(word = next_word(&line)))
                return;
        verb = verb_of(word);
        name = next_word(&line);
        if (verb < 0 || !name || modprobe_normalise(name) < 0)
                return;
        value = verb == MODPROBE_ALIAS ? next_word(&line) : line;
        if (verb == MODPROBE_BLACKLIST || verb == MODPROBE_ALLOW_UNSUPPORTED)
                value = line + strlen(line);
        else if (!value || !*value || (verb == MODPROBE_ALIAS && modprobe_normalise(value) < 0))
                return;
        l = ARRAY_PUSH(&ret->v, &ret->n, &ret->cap);
        l->number = number;
        l->text = text;
        l->verb = (enum modprobe_verb)verb;
        l->name = xstrdup(name);
        l->value = xstrdup(value);
}

void modprobe_parse(struct span text, struct modprobe_conf *ret)
{
        cleanup_buf struct buf line = { 0 };
        struct span rest = text;

        *ret = (struct modprobe_conf){ 0 };
        for (size_t number = 1, lines; rest.len > 0; number += lines) {
                struct span whole = next_line(&rest, &lines, &line);

                parse_line(line.data, number, whole, ret);
        }
}

void modprobe_done(struct modprobe_conf *c)
{
        for (size_t i = 0; i < c->n; i++) {
                free(c->v[i].name);
                free(c->v[i].value);
        }
        free(c->v);
        *c = (struct modprobe_conf){ 0 };
}

/* ---- install commands ------------------------------------------------------------------------ */

/* Programs that change no module, whatever their arguments. */
static const char *const harmless[] = { "true", "false", ":", "echo", "printf", "logger" };

static const char *base_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

/* modprobe --ignore-install MODULE: the way a command loads the module it stands for. */
static enum modprobe_effect modprobe_effect_of(char *args, const char *module)
{
        bool ignore = false, named = false;
        char *word;

        while ((word = next_word(&args))) {
                if (streq(word, "--ignore-install") || streq(word, "-i")) {
                        ignore = true;
                } else if (streq(word, "--first-time") || streq(word, "--quiet") ||
                           streq(word, "-q") || streq(word, "-v") || streq(word, "--verbose") ||
                           streq(word, "-s") || streq(word, "--syslog")) {
                        continue;
                } else if (*word == '-') {
                        return MODPROBE_UNCLEAR;
                } else if (!named) {
                        if (modprobe_normalise(word) < 0 || !streq(word, module))
                                return MODPROBE_REFUSES;
                        named = true;
                }
        }
        return ignore && named ? MODPROBE_LOADS : MODPROBE_UNCLEAR;
}

static enum modprobe_effect simple_effect(char *command, const char *module)
{
        char *word = next_word(&command);

        if (!word)
                return MODPROBE_UNCLEAR;
        word = (char *)base_name(word);
        for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
                if (streq(word, harmless[i]))
                        return MODPROBE_REFUSES;
        return streq(word, "modprobe") ? modprobe_effect_of(command, module) : MODPROBE_UNCLEAR;
}

/* The command without $CMDLINE_OPTS, where libkmod puts the module's parameters. */
static char *without_options(const char *command)
{
        struct buf plain = { 0 };

        for (const char *p = command; *p;) {
                const char *after = str_after(p, "$CMDLINE_OPTS");

                if (!after)
                        buf_putc(&plain, *p);
                p = after ? after : p + 1;
        }
        return buf_take(&plain);
}

/* The next simple command at *at, cut out, and what joins it to the one behind: `;`, `&` for &&,
 * `|` for ||, NUL at the end. NULL when it is no simple command. */
static char *next_simple(char **at, char *ret_joint)
{
        size_t len = strcspn(*at, ";&|");
        char *start = *at, joint = start[len];

        *at += len + (joint != '\0');
        if (joint == '&' || joint == '|') {
                if (**at != joint)
                        return NULL;
                ++*at;
        }
        start[len] = '\0';
        *ret_joint = joint;
        return strpbrk(start, "'\"`\\$(){}<>*?[]!#~=") ? NULL : start;
}

/*
 * A list of simple commands is understood: what is joined by `;` runs one after the other, behind
 * `&&` and `||` it may or may not run. Any other shell syntax is not.
 */
enum modprobe_effect modprobe_install_effect(const char *command, const char *module)
{
        cleanup_free char *copy = without_options(command);
        enum modprobe_effect all = MODPROBE_REFUSES;
        char *at = copy, joint = ';';

        do {
                bool always = joint == ';';
                char *simple = next_simple(&at, &joint);
                enum modprobe_effect one;

                if (!simple)
                        return MODPROBE_UNCLEAR;
                /* A `;` at the end. */
                if (!joint && simple > copy && !simple[strspn(simple, " \t")])
                        break;
                /* Once it is loaded, another program does not take it away. */
                if (all == MODPROBE_LOADS && !strstr(simple, "rmmod") &&
                    !strstr(simple, "modprobe"))
                        continue;
                one = simple_effect(simple, module);
                if (one == MODPROBE_UNCLEAR || (one == MODPROBE_LOADS && !always))
                        return MODPROBE_UNCLEAR;
                if (one == MODPROBE_LOADS)
                        all = MODPROBE_LOADS;
        } while (joint);
        return all;
}
