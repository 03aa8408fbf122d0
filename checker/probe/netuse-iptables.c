#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/netuse.h"

#define RULE_MAX 4096 /* bytes of a line */
#define SSH      22

/* One line of the chain, as far as it matters to a new connection to port 22. */
struct rule {
        const char *target;
        struct span card; /* empty: any */
        bool matches;     /* it asks for anything at all */
        bool other;       /* for something else: a protocol, a port, a state */
        bool odd;         /* asks for a card, or a port, in a way that is not looked into */
};

/* "22", "20:25", "22,80". */
static bool has_port(const char *list)
{
        cleanup_free char *copy = xstrdup(list);
        char *rest = copy, *item;

        while ((item = strsep(&rest, ","))) {
                char *colon = strchr(item, ':');
                long low = strtol(item, NULL, 10);
                long high = colon ? strtol(colon + 1, NULL, 10) : low;

                if (streq(item, "ssh") || (low <= SSH && SSH <= high))
                        return true;
        }
        return false;
}

static bool is_option(const char *word, const char *a, const char *b)
{
        return streq(word, a) || streq(word, b);
}

static void read_rule(char *words, struct rule *r)
{
        char *word, *value;

        while ((word = strsep(&words, " \t"))) {
                if (!*word)
                        continue;
                if (streq(word, "!")) {
                        r->odd = r->matches = true;
                        continue;
                }
                if (word[0] != '-')
                        continue;
                value = words ? strsep(&words, " \t") : NULL;
                if (!value)
                        return;
                if (is_option(word, "-j", "--jump") || is_option(word, "-g", "--goto")) {
                        r->target = value;
                        continue;
                }
                if (is_option(word, "-m", "--match") || is_option(word, "--comment", ""))
                        continue;
                if (streq(word, "--reject-with"))
                        continue;
                r->matches = true;
                if (is_option(word, "-i", "--in-interface"))
                        r->card = span_of(value);
                else if (is_option(word, "-p", "--protocol"))
                        r->other |= !streq(value, "tcp") && !streq(value, "all") &&
                                    !streq(value, "6");
                else if (is_option(word, "--dport", "--dports") ||
                         streq(word, "--destination-port"))
                        r->other |= !has_port(value);
                else if (is_option(word, "--state", "--ctstate"))
                        r->other |= !strstr(value, "NEW");
        }
}

struct verdict {
        bool closed, ended;
        bool let_in, was_let_in; /* by a card that is there on Nitro; by one that is not */
        bool unsure;
};

static void judge_rule(struct verdict *v, const struct rule *r, netuse_stays *stays, void *data)
{
        int stay = r->card.len == 0 ? 1 : stays(data, r->card);
        bool refuses = streq(r->target, "DROP") || streq(r->target, "REJECT");

        if (r->other || span_eq(r->card, "lo") || !r->target || streq(r->target, "LOG") ||
            streq(r->target, "NFLOG"))
                return;
        if (r->odd || stay < 0)
                v->unsure = true;
        else if (streq(r->target, "ACCEPT"))
                *(stay ? &v->let_in : &v->was_let_in) = true;
        else if (refuses && !r->matches)
                v->closed = v->ended = true;
        else if (!refuses && stay)
                v->unsure = true;
}

bool netuse_locks_out(struct span rules, const char *chain, bool closed, netuse_stays *stays,
                      void *data)
{
        cleanup_free char *append = xasprintf("-A %s ", chain), *policy = xasprintf(":%s ", chain);
        struct verdict v = { .closed = closed };
        struct lines lines = lines_of(rules);
        struct line line;
        bool filter = true;

        while (!v.ended && lines_next(&lines, &line)) {
                cleanup_free char *text = NULL;
                struct rule r = { 0 };
                const char *rest;

                if (line.text.len > RULE_MAX)
                        return false;
                text = span_dup(line_strip(line.text));
                if (text[0] == '*')
                        filter = streq(text, "*filter");
                if (!filter)
                        continue;
                if ((rest = str_after(text, policy)))
                        v.closed |= str_startswith(rest, "DROP");
                rest = str_after(text, append);
                if (!rest)
                        continue;
                read_rule(text + (rest - text), &r);
                judge_rule(&v, &r, stays, data);
        }
        return v.closed && v.was_let_in && !v.let_in && !v.unsure;
}
