#include "parse/grubscript.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"

#define CHUNK_SIZE 16384

enum keyword {
        KEYWORD_NONE,
        KEYWORD_IF,
        KEYWORD_THEN,
        KEYWORD_ELIF,
        KEYWORD_ELSE,
        KEYWORD_FI,
        KEYWORD_FOR,
        KEYWORD_IN,
        KEYWORD_WHILE,
        KEYWORD_UNTIL,
        KEYWORD_DO,
        KEYWORD_DONE,
        KEYWORD_FUNCTION,
        KEYWORD_CASE,
        KEYWORD_ESAC,
        KEYWORD_SELECT,
};

static const char *const keyword_names[] = {
        NULL,    "if",    "then", "elif", "else",     "fi",   "for",  "in",
        "while", "until", "do",   "done", "function", "case", "esac", "select",
};

enum token_type {
        TOKEN_END,
        TOKEN_NEWLINE,
        TOKEN_SEMICOLON,
        TOKEN_OPEN,
        TOKEN_CLOSE,
        TOKEN_WORD,
};

struct token {
        enum token_type type;
        size_t line;
        struct grubscript_word *word;
        enum keyword keyword; /* of a bare word; still an ordinary one as an argument */
        const char *name;     /* a bare word that can name a variable or function, else NULL */
};

struct parser {
        struct grubscript *script;
        size_t room; /* bytes left in the last chunk */
        size_t n_nodes;
        const char *p, *end; /* the text without carriage returns, a newline before `end` */
        size_t line;
        struct token token; /* the one to be looked at */
        bool delimited;     /* the list just read ended with `;` or a newline */
        unsigned depth;
        struct err *err;
};

/* ---- memory: everything lives as long as the script ------------------------------------------ */

static void *script_alloc(struct parser *p, size_t size)
{
        struct grubscript *s = p->script;
        char *at;

        size = (size + 15) & ~(size_t)15;
        if (size > p->room) {
                p->room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
                *ARRAY_PUSH(&s->owned, &s->n, &s->cap) = xcalloc(1, p->room);
                /* The chunk is used from its end, so that `room` says all there is to know. */
        }
        at = (char *)s->owned[s->n - 1] + (p->room - size);
        p->room -= size;
        return at;
}

static const char *script_copy(struct parser *p, struct span text)
{
        char *s = script_alloc(p, text.len + 1);

        if (text.len)
                memcpy(s, text.data, text.len);
        s[text.len] = '\0';
        return s;
}

void grubscript_done(struct grubscript *s)
{
        for (size_t i = 0; i < s->n; i++)
                free(s->owned[i]);
        free(s->owned);
        *s = (struct grubscript){ 0 };
}

/* ---- words ----------------------------------------------------------------------------------- */

static int syntax_error(struct parser *p, size_t line, const char *what)
{
        return err_set(p->err, -EINVAL, "line %zu: %s", line, what);
}

/* GRUB's reader drops lines that begin with #, even between the lines of a quoted string. */
static void skip_comment_lines(struct parser *p)
{
        while (p->p < p->end && *p->p == '#') {
                p->p = (const char *)memchr(p->p, '\n', (size_t)(p->end - p->p)) + 1;
                p->line++;
        }
}

static void step(struct parser *p)
{
        if (*p->p++ == '\n') {
                p->line++;
                skip_comment_lines(p);
        }
}

static bool ends_word(char c)
{
        return ascii_isblank(c) || c == '\n' || strchr("{}|&;<>", c);
}

static bool is_name_byte(char c, bool first)
{
        return ascii_isalpha(c) || c == '_' || (!first && ascii_isdigit(c));
}

static int add_part(struct parser *p, struct grubscript_part ***tail,
                    enum grubscript_part_type type, struct span text)
{
        struct grubscript_part *part;

        if (++p->n_nodes > GRUBSCRIPT_NODES_MAX)
                return syntax_error(p, p->line, "too many words");
        part = script_alloc(p, sizeof(*part));
        *part = (struct grubscript_part){ type, script_copy(p, text), NULL };
        **tail = part;
        *tail = &part->next;
        return 0;
}

/* $name ${name} $1 $? $# $* $@; anything else after a dollar is an error, also between "". */
static int read_variable(struct parser *p, struct grubscript_part ***tail, bool quoted)
{
        const char *start;
        bool braced;

        step(p);
        braced = *p->p == '{';
        if (braced)
                step(p);
        start = p->p;
        if (strchr("?#*@", *p->p))
                p->p++;
        else if (ascii_isdigit(*p->p))
                while (ascii_isdigit(*p->p))
                        p->p++;
        else
                while (is_name_byte(*p->p, p->p == start))
                        p->p++;
        if (p->p == start || (braced && *p->p != '}'))
                return syntax_error(p, p->line, "a dollar sign without a variable's name");
        if (add_part(p, tail, quoted ? GRUBSCRIPT_QVAR : GRUBSCRIPT_VAR,
                     (struct span){ start, (size_t)(p->p - start) }) < 0)
                return -EINVAL;
        if (braced)
                p->p++;
        return 0;
}

static int read_single_quotes(struct parser *p, struct grubscript_part ***tail)
{
        cleanup_buf struct buf text = { 0 };
        size_t line = p->line;

        for (step(p); *p->p != '\''; step(p)) {
                if (p->p == p->end)
                        return syntax_error(p, line, "a quote that is never closed");
                buf_putc(&text, *p->p);
        }
        p->p++;
        return add_part(p, tail, GRUBSCRIPT_QUOTED, buf_span(&text));
}

static int read_double_quotes(struct parser *p, struct grubscript_part ***tail, bool translated)
{
        enum grubscript_part_type type = translated ? GRUBSCRIPT_GETTEXT : GRUBSCRIPT_QUOTED;
        cleanup_buf struct buf text = { 0 };
        size_t line = p->line;

        step(p);
        while (*p->p != '"') {
                if (p->p == p->end)
                        return syntax_error(p, line, "a quote that is never closed");
                if (*p->p == '\\' && strchr("$\\\"\n", p->p[1]) && p->p[1]) {
                        step(p);
                        if (*p->p != '\n')
                                buf_putc(&text, *p->p);
                        step(p);
                } else if (*p->p == '$' && !translated) {
                        if (add_part(p, tail, type, buf_span(&text)) < 0 ||
                            read_variable(p, tail, true) < 0)
                                return -EINVAL;
                        text.len = 0;
                } else {
                        buf_putc(&text, *p->p);
                        step(p);
                }
        }
        p->p++;
        return add_part(p, tail, type, buf_span(&text));
}

static int read_bare(struct parser *p, struct grubscript_part ***tail)
{
        cleanup_buf struct buf text = { 0 };

        while (!ends_word(*p->p) && !strchr("'\"$", *p->p)) {
                if (*p->p != '\\') {
                        buf_putc(&text, *p->p);
                } else if (p->p[1] != '\n') {
                        buf_append(&text, p->p, 2);
                        p->p++;
                } else {
                        step(p);
                        if (p->p + 1 == p->end)
                                return syntax_error(p, p->line, "the file ends inside a line");
                }
                step(p);
        }
        return add_part(p, tail, GRUBSCRIPT_TEXT, buf_span(&text));
}

static bool is_name(const char *s)
{
        if (!is_name_byte(*s, true))
                return false;
        while (is_name_byte(*s, false))
                s++;
        return !*s;
}

static int read_word(struct parser *p, struct token *t)
{
        const char *start = p->p;
        struct grubscript_part **tail;
        const char *text;

        t->type = TOKEN_WORD;
        t->word = script_alloc(p, sizeof(*t->word));
        tail = &t->word->parts;
        while (!ends_word(*p->p)) {
                int r;

                if (*p->p == '\'')
                        r = read_single_quotes(p, &tail);
                else if (*p->p == '"')
                        r = read_double_quotes(p, &tail, false);
                else if (*p->p == '$' && p->p[1] == '"')
                        p->p++, r = read_double_quotes(p, &tail, true);
                else if (*p->p == '$')
                        r = read_variable(p, &tail, false);
                else
                        r = read_bare(p, &tail);
                if (r < 0)
                        return r;
        }
        text = t->word->parts->text;
        if (t->word->parts->next || t->word->parts->type != GRUBSCRIPT_TEXT ||
            (size_t)(p->p - start) != strlen(text))
                return 0;
        if (streq(text, "[[") || streq(text, "]]"))
                return syntax_error(p, t->line, "[[ and ]] are not supported by GRUB");
        t->name = is_name(text) ? text : NULL;
        for (size_t i = 1; i < ARRAY_SIZE(keyword_names); i++)
                if (streq(text, keyword_names[i]))
                        t->keyword = (enum keyword)i;
        return 0;
}

static int next_token(struct parser *p)
{
        struct token *t = &p->token;

        while (ascii_isblank(*p->p))
                p->p++;
        if (*p->p == '#')
                while (*p->p != '\n')
                        p->p++;
        *t = (struct token){ .line = p->line };
        if (p->p == p->end)
                return 0;
        switch (*p->p) {
        case '\n':
                t->type = TOKEN_NEWLINE;
                break;
        case ';':
                t->type = TOKEN_SEMICOLON;
                if (p->p[1] == ';')
                        return syntax_error(p, p->line, "\";;\" is not supported by GRUB");
                break;
        case '{':
                t->type = TOKEN_OPEN;
                break;
        case '}':
                t->type = TOKEN_CLOSE;
                break;
        case '|':
        case '&':
        case '<':
        case '>':
                return syntax_error(p, p->line,
                                    "pipes, && and ||, and redirections are not supported by GRUB");
        default:
                return read_word(p, t);
        }
        step(p);
        return 0;
}

/* ---- grammar --------------------------------------------------------------------------------- */

static int parse_command(struct parser *p, struct grubscript_node **ret);

static int unexpected(struct parser *p)
{
        static const char *const names[] = { "end of the file", "end of the line", "\";\"", "\"{\"",
                                             "\"}\"" };
        const struct token *t = &p->token;

        if (t->type != TOKEN_WORD)
                return err_set(p->err, -EINVAL, "line %zu: unexpected %s", t->line, names[t->type]);
        return err_set(p->err, -EINVAL, "line %zu: unexpected \"%.40s\"", t->line,
                       t->word->parts->text);
}

static int skip_newlines(struct parser *p)
{
        int r = 0;

        while (r == 0 && p->token.type == TOKEN_NEWLINE)
                r = next_token(p);
        return r;
}

/* One `;` or newline, then any number of newlines. */
static int skip_delimiter(struct parser *p)
{
        int r;

        p->delimited = p->token.type == TOKEN_SEMICOLON || p->token.type == TOKEN_NEWLINE;
        if (!p->delimited)
                return 0;
        r = next_token(p);
        return r < 0 ? r : skip_newlines(p);
}

static bool begins_command(const struct token *t)
{
        return t->type == TOKEN_WORD && (t->keyword == KEYWORD_NONE || t->keyword == KEYWORD_IF ||
                                         t->keyword == KEYWORD_FOR || t->keyword == KEYWORD_WHILE ||
                                         t->keyword == KEYWORD_UNTIL);
}

/* At least one command, up to a token that begins none. */
static int parse_list(struct parser *p, struct grubscript_node **ret)
{
        int r = skip_newlines(p);

        while (r == 0) {
                r = parse_command(p, ret);
                if (r < 0)
                        break;
                ret = &(*ret)->next;
                r = skip_delimiter(p);
                if (!p->delimited || !begins_command(&p->token))
                        break;
        }
        return r;
}

static int expect_keyword(struct parser *p, enum keyword keyword)
{
        if (p->token.type != TOKEN_WORD || p->token.keyword != keyword)
                return unexpected(p);
        return next_token(p);
}

/* A list that has to end with a delimiter and one of these keywords. */
static int parse_clause(struct parser *p, enum keyword end, struct grubscript_node **ret)
{
        int r = parse_list(p, ret);

        if (r < 0)
                return r;
        return p->delimited ? expect_keyword(p, end) : unexpected(p);
}

static struct grubscript_node *new_node(struct parser *p, enum grubscript_type type)
{
        struct grubscript_node *node = script_alloc(p, sizeof(*node));

        node->type = type;
        node->line = p->token.line;
        return node;
}

static int parse_if(struct parser *p, struct grubscript_node **ret)
{
        for (;;) {
                struct grubscript_node *node = *ret = new_node(p, GRUBSCRIPT_IF);
                enum keyword keyword;
                int r = next_token(p); /* `if` or `elif` */

                if (r == 0)
                        r = parse_clause(p, KEYWORD_THEN, &node->condition);
                if (r == 0)
                        r = parse_list(p, &node->body);
                if (r < 0)
                        return r;
                keyword = p->delimited ? p->token.keyword : KEYWORD_NONE;
                if (keyword == KEYWORD_ELIF) {
                        ret = &node->otherwise;
                        continue;
                }
                if (keyword == KEYWORD_ELSE) {
                        r = next_token(p);
                        return r < 0 ? r : parse_clause(p, KEYWORD_FI, &node->otherwise);
                }
                return p->delimited ? expect_keyword(p, KEYWORD_FI) : unexpected(p);
        }
}

static int parse_arguments(struct parser *p, struct grubscript_word **tail)
{
        int r = 0;

        while (r == 0 && p->token.type == TOKEN_WORD) {
                *tail = p->token.word;
                tail = &p->token.word->next;
                r = next_token(p);
        }
        return r;
}

static int parse_name(struct parser *p, const char **ret)
{
        if (!p->token.name || p->token.keyword != KEYWORD_NONE)
                return unexpected(p);
        *ret = p->token.name;
        return next_token(p);
}

static int parse_for(struct parser *p, struct grubscript_node **ret)
{
        struct grubscript_node *node = *ret = new_node(p, GRUBSCRIPT_FOR);
        int r = next_token(p);

        if (r == 0)
                r = parse_name(p, &node->name);
        if (r == 0)
                r = expect_keyword(p, KEYWORD_IN);
        if (r == 0)
                r = parse_arguments(p, &node->words);
        if (r == 0)
                r = skip_delimiter(p);
        if (r < 0)
                return r;
        if (!p->delimited)
                return unexpected(p);
        r = expect_keyword(p, KEYWORD_DO);
        return r < 0 ? r : parse_clause(p, KEYWORD_DONE, &node->body);
}

static int parse_while(struct parser *p, enum grubscript_type type, struct grubscript_node **ret)
{
        struct grubscript_node *node = *ret = new_node(p, type);
        int r = next_token(p);

        if (r == 0)
                r = parse_clause(p, KEYWORD_DO, &node->condition);
        return r < 0 ? r : parse_clause(p, KEYWORD_DONE, &node->body);
}

/* { commands }, with or without a delimiter before the brace. */
static int parse_block(struct parser *p, struct grubscript_node **ret)
{
        int r = next_token(p);

        if (r == 0)
                r = parse_list(p, ret);
        if (r < 0)
                return r;
        return p->token.type == TOKEN_CLOSE ? next_token(p) : unexpected(p);
}

static int parse_function(struct parser *p, struct grubscript_node **ret)
{
        struct grubscript_node *node = *ret = new_node(p, GRUBSCRIPT_FUNCTION);
        int r = next_token(p);

        if (r == 0)
                r = parse_name(p, &node->name);
        if (r == 0)
                r = skip_newlines(p);
        if (r == 0 && p->token.type != TOKEN_OPEN)
                r = unexpected(p);
        if (r == 0)
                r = parse_block(p, &node->body);
        /* Unlike the block of a command, this one wants a delimiter before the brace. */
        return r == 0 && !p->delimited ? unexpected(p) : r;
}

static int parse_simple(struct parser *p, struct grubscript_node **ret)
{
        struct grubscript_node *node = *ret = new_node(p, GRUBSCRIPT_COMMAND);
        int r = parse_arguments(p, &node->words);

        if (r == 0 && p->token.type == TOKEN_OPEN)
                r = parse_block(p, &node->body);
        return r;
}

static int parse_command(struct parser *p, struct grubscript_node **ret)
{
        int r;

        if (!begins_command(&p->token))
                return unexpected(p);
        if (++p->depth > GRUBSCRIPT_DEPTH_MAX)
                return syntax_error(p, p->token.line, "blocks are nested too deeply");
        if (p->token.keyword == KEYWORD_IF)
                r = parse_if(p, ret);
        else if (p->token.keyword == KEYWORD_FOR)
                r = parse_for(p, ret);
        else if (p->token.keyword == KEYWORD_WHILE)
                r = parse_while(p, GRUBSCRIPT_WHILE, ret);
        else if (p->token.keyword == KEYWORD_UNTIL)
                r = parse_while(p, GRUBSCRIPT_UNTIL, ret);
        else
                r = parse_simple(p, ret);
        p->depth--;
        return r;
}

static int parse_script(struct parser *p)
{
        struct grubscript_node **tail = &p->script->first;
        int r = next_token(p);

        if (r == 0)
                r = skip_newlines(p);
        while (r == 0 && p->token.type != TOKEN_END) {
                r = p->token.keyword == KEYWORD_FUNCTION ? parse_function(p, tail)
                                                         : parse_command(p, tail);
                if (r < 0)
                        return r;
                tail = &(*tail)->next;
                r = skip_delimiter(p);
                if (r == 0 && !p->delimited)
                        return unexpected(p);
        }
        return r;
}

/* Without the carriage returns, which GRUB drops, and with a newline at the end. */
static int clean_text(struct span text, struct buf *ret, struct err *err)
{
        size_t line = 1;

        for (size_t i = 0; i < text.len; i++) {
                char c = text.data[i];

                if (c == '\0' || c == GRUBSCRIPT_MARK_ANY || c == GRUBSCRIPT_MARK_DEVICE)
                        return err_set(err, -EINVAL, "line %zu: a control byte (0x%02x)", line,
                                       (unsigned)c);
                if (c != '\r')
                        buf_putc(ret, c);
                if (c == '\n')
                        line++;
        }
        if (!ret->len || ret->data[ret->len - 1] != '\n')
                buf_putc(ret, '\n');
        return 0;
}

int grubscript_parse(struct span text, struct grubscript *ret, struct err *err)
{
        cleanup_grubscript struct grubscript script = { 0 };
        cleanup_buf struct buf clean = { 0 };
        struct parser p = { .script = &script, .line = 1, .err = err };
        int r = clean_text(text, &clean, err);

        if (r < 0)
                return r;
        p.p = clean.data;
        p.end = clean.data + clean.len;
        skip_comment_lines(&p);
        r = parse_script(&p);
        if (r < 0)
                return r;
        *ret = script;
        script = (struct grubscript){ 0 };
        return 0;
}
