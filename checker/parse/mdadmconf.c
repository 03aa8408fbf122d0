#include "parse/mdadmconf.h"

#include <errno.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

static enum mdadmconf_keyword keyword_of(const char *word)
{
        size_t n = strlen(word);

        /* "devices" is the whole keyword. */
        if (n >= 3 && n <= strlen("devices") && strncasecmp(word, "devices", n) == 0)
                return MDADMCONF_DEVICE;
        if (n >= 3 && n <= strlen("array") && strncasecmp(word, "array", n) == 0)
                return MDADMCONF_ARRAY;
        return MDADMCONF_OTHER;
}

/* The next word of a line; false at its end, or at a comment. */
static bool take_word(struct span *rest, struct mdadmconf_word *ret)
{
        struct buf text = { 0 };
        size_t n = 0;
        char quote = '\0';

        while (rest->len > 0 && ascii_isspace(*rest->data))
                rest->data++, rest->len--;
        if (rest->len == 0 || *rest->data == '#')
                return false;
        for (; n < rest->len && (quote || !ascii_isspace(rest->data[n])); n++) {
                char c = rest->data[n];

                if (quote && c == quote)
                        quote = '\0';
                else if (!quote && (c == '"' || c == '\''))
                        quote = c;
                else
                        buf_putc(&text, c);
        }
        *ret = (struct mdadmconf_word){ .raw = { rest->data, n }, .text = buf_take(&text) };
        rest->data += n;
        rest->len -= n;
        return true;
}

static int take_line(struct mdadmconf *c, const struct line *line, struct err *err)
{
        bool goes_on = line->text.len > 0 && ascii_isblank(line->text.data[0]) && c->n > 0;
        struct span rest = line->text;
        struct mdadmconf_word word;

        for (bool first = true; take_word(&rest, &word); first = false) {
                if (first && !goes_on) {
                        *ARRAY_PUSH(&c->v, &c->n, &c->cap) = (struct mdadmconf_entry){
                                .keyword = keyword_of(word.text),
                                .line = line->number,
                                .text = line->text,
                                .first = c->n_words,
                        };
                        free(word.text);
                        continue;
                }
                word.line = line->number;
                if (c->n_words == MDADMCONF_WORDS_MAX) {
                        free(word.text);
                        return err_set(err, -E2BIG, "it has more than %d words",
                                       MDADMCONF_WORDS_MAX);
                }
                *ARRAY_PUSH(&c->words, &c->n_words, &c->cap_words) = word;
                c->v[c->n - 1].n++;
        }
        return 0;
}

int mdadmconf_parse(struct span text, struct mdadmconf *ret, struct err *err)
{
        struct lines lines = lines_of(text);
        struct mdadmconf conf = { 0 };
        struct line line;
        int r = 0;

        if (text.len > 0 && memchr(text.data, '\0', text.len))
                return err_set(err, -EINVAL, "there is a NUL byte in it");
        while (r >= 0 && lines_next(&lines, &line))
                r = take_line(&conf, &line, err);
        if (r < 0) {
                mdadmconf_done(&conf);
                return r;
        }
        *ret = conf;
        return 0;
}

void mdadmconf_done(struct mdadmconf *c)
{
        for (size_t i = 0; i < c->n_words; i++)
                free(c->words[i].text);
        free(c->words);
        free(c->v);
        *c = (struct mdadmconf){ 0 };
}

const char *mdadmconf_value(const struct mdadmconf *c, const struct mdadmconf_entry *e,
                            const char *key, const struct mdadmconf_word **ret_word)
{
        size_t n = strlen(key);

        for (size_t i = e->first; i < e->first + e->n; i++) {
                const char *text = c->words[i].text;

                if (strncasecmp(text, key, n) != 0 || text[n] != '=')
                        continue;
                if (ret_word)
                        *ret_word = &c->words[i];
                return text + n + 1;
        }
        return NULL;
}
