#include "parse/mention.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

#define NAME_MAX_LEN 128 /* a longer word is no name */

static const char *const act_names[] = {
        [MENTION_USED] = "used",       [MENTION_TUNED] = "tuned",         [MENTION_SWAP] = "swap",
        [MENTION_AWAITED] = "awaited", [MENTION_DESTROYED] = "destroyed",
};

const char *mention_act_name(enum mention_act act)
{
        return act_names[act];
}

static bool begins(struct span s, const char *prefix)
{
        size_t n = strlen(prefix);

        return s.len >= n && memcmp(s.data, prefix, n) == 0;
}

static struct span skip(struct span s, size_t n)
{
        return (struct span){ s.data + n, s.len - n };
}

static bool is_one_of(char c, const char *set)
{
        return c != '\0' && strchr(set, c);
}

static bool is_name_char(char c)
{
        return ascii_isalnum(c) || c == '_';
}

/* ---- lines without their comments ---- */

struct reader {
        struct mention_syntax syntax;
        bool in_comment; /* of XML */
        bool in_value;   /* of a unit's line that counts, behind a backslash */
};

static size_t script_code(struct span s)
{
        char quote = '\0';

        for (size_t i = 0; i < s.len; i++) {
                char c = s.data[i];

                if (c == '\\' && quote != '\'')
                        i++;
                else if (quote)
                        quote = c == quote ? '\0' : quote;
                else if (c == '\'' || c == '"')
                        quote = c;
                else if (c == '#' && (i == 0 || is_one_of(s.data[i - 1], " \t;|&(`")))
                        return i;
        }
        return s.len;
}

static size_t config_code(struct span s)
{
        struct span bare = line_strip(s);

        if (begins(bare, "#") || begins(bare, ";") || begins(bare, "//") || begins(bare, "!"))
                return 0;
        for (size_t i = 1; i < s.len; i++)
                if (s.data[i] == '#' && ascii_isblank(s.data[i - 1]))
                        return i;
        return s.len;
}

static bool ends_in_backslash(struct span s)
{
        return s.len > 0 && s.data[s.len - 1] == '\\';
}

static size_t unit_code(struct reader *r, struct span s)
{
        struct span bare = line_strip(s);

        if (begins(bare, "#") || begins(bare, ";"))
                return 0;
        if (!r->in_value && !begins(bare, "Exec") && !begins(bare, "Environment="))
                return 0;
        r->in_value = ends_in_backslash(s);
        return s.len;
}

/* One comment of a line is cut out; of several the rest of the line is. */
static struct span xml_code(struct reader *r, struct span s)
{
        const char *end, *start;

        if (r->in_comment) {
                end = memmem(s.data, s.len, "-->", 3);
                if (!end)
                        return skip(s, s.len);
                r->in_comment = false;
                s = skip(s, (size_t)(end + 3 - s.data));
        }
        start = memmem(s.data, s.len, "<!--", 4);
        if (!start)
                return s;
        end = memmem(start, s.len - (size_t)(start - s.data), "-->", 3);
        r->in_comment = !end;
        return (struct span){ s.data, (size_t)(start - s.data) };
}

static struct span code_of(struct reader *r, struct span s)
{
        switch (r->syntax.grammar) {
        case MENTION_SCRIPT:
                return (struct span){ s.data, script_code(s) };
        case MENTION_CONFIG:
                return (struct span){ s.data, config_code(s) };
        case MENTION_UNIT:
                return (struct span){ s.data, unit_code(r, s) };
        case MENTION_XML:
                return xml_code(r, s);
        default:
                return s;
        }
}

/* ---- what a statement does ---- */

/* A tool, and the words without (or with) which it does no such thing; a prefix ends in "*". */
static const struct tool {
        const char *name;
        enum mention_act act;
        const char *const *needs, *const *unless;
} tools[] = {
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
        { "mkfs", MENTION_DESTROYED, NULL, NULL },
        { "mkfs.*", MENTION_DESTROYED, NULL, NULL },
        { "mke2fs", MENTION_DESTROYED, NULL, NULL },
        { "mkswap", MENTION_DESTROYED, NULL, NULL },
        { "wipefs", MENTION_DESTROYED, WORDS("-a*", "--all", "-fa", "-o"), NULL },
        { "pvcreate", MENTION_DESTROYED, NULL, NULL },
        { "vgcreate", MENTION_DESTROYED, NULL, NULL },
        { "blkdiscard", MENTION_DESTROYED, NULL, NULL },
        { "shred", MENTION_DESTROYED, NULL, NULL },
        { "dd", MENTION_DESTROYED, WORDS("of=/dev/*", "of=$*"), NULL },
        { "parted", MENTION_DESTROYED, NULL, WORDS("print", "-l", "--list") },
        { "sfdisk", MENTION_DESTROYED, NULL, WORDS("-l", "-d", "--list", "--dump", "-s") },
        { "fdisk", MENTION_DESTROYED, NULL, WORDS("-l", "--list", "-s") },
        { "sgdisk", MENTION_DESTROYED, NULL, WORDS("-p", "--print", "-i") },
        { "mdadm", MENTION_DESTROYED, WORDS("-C*", "--create", "--zero-superblock"), NULL },
        { "cryptsetup", MENTION_DESTROYED, WORDS("luksFormat"), NULL },
        { "zpool", MENTION_DESTROYED, WORDS("create", "add"), NULL },
        { "swapon", MENTION_SWAP, NULL, NULL },
        { "growpart", MENTION_TUNED, NULL, NULL },
        { "resize2fs", MENTION_TUNED, NULL, NULL },
        { "blockdev", MENTION_TUNED, NULL, NULL },
        { "hdparm", MENTION_TUNED, NULL, NULL },
        { "sdparm", MENTION_TUNED, NULL, NULL },
        { "sg_*", MENTION_TUNED, NULL, NULL },
#undef WORDS
};

/* Words that make a loop wait, and those that make it end. */
static const char *const loops[] = { "while", "until", NULL };
static const char *const tests[] = { "-e", "-b", "test", "ls", "stat", NULL };
static const char *const bounds[] = { "-lt", "-le", "-gt", "-ge", "timeout", NULL };
/* What such a command says is no deed; behind it a pipe may be. */
static const char *const speakers[] = { "echo", "printf", "logger", "log", NULL };

_Static_assert(ARRAY_SIZE(tools) <= 32, "a bit for each");

/* A statement, which may go on over several lines. */
struct statement {
        enum mention_act act;
        struct span tool;
        size_t line;
        struct span text;
        bool quiet, loops, tests, bounds;
        uint32_t present, needed, spoilt; /* tools by number */
        struct span words[ARRAY_SIZE(tools)];
        char quote;
};

static bool word_is(struct span word, const char *pattern)
{
        size_t n = strlen(pattern);

        if (pattern[n - 1] != '*')
                return word.len == n && memcmp(word.data, pattern, n) == 0;
        return word.len >= n - 1 && memcmp(word.data, pattern, n - 1) == 0;
}

static bool word_is_among(struct span word, const char *const *list)
{
        for (; list && *list; list++)
                if (word_is(word, *list))
                        return true;
        return false;
}

static struct span base_of(struct span word)
{
        const char *slash = memrchr(word.data, '/', word.len);

        return slash ? skip(word, (size_t)(slash + 1 - word.data)) : word;
}

static void take_word(struct statement *s, struct span word, bool is_command)
{
        struct span base = base_of(word);

        if (is_command && word_is_among(base, speakers))
                s->quiet = true;
        if (s->quiet)
                return;
        s->loops |= word_is_among(word, loops);
        s->tests |= word_is_among(word, tests);
        s->bounds |= word_is_among(word, bounds);
        for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
                if (word_is(base, tools[i].name) && !(s->present & (1u << i))) {
                        s->present |= 1u << i;
                        s->words[i] = base;
                }
                if (word_is_among(word, tools[i].needs))
                        s->needed |= 1u << i;
                if (word_is_among(word, tools[i].unless))
                        s->spoilt |= 1u << i;
        }
}

static void take_line(struct statement *s, struct span code)
{
        bool is_command = true;

        for (size_t i = 0; i < code.len;) {
                size_t start = i;
                char c = code.data[i];

                if (c == '\'' || c == '"') {
                        s->quote = !s->quote ? c : s->quote == c ? '\0' : s->quote;
                        i++;
                } else if (!s->quote && is_one_of(c, ";|&(`")) {
                        s->quiet = false;
                        is_command = true;
                        i++;
                } else if (ascii_isspace(c) || is_one_of(c, ";|&()`{}[],<>")) {
                        /* The bracket of a test is a word, and all others part words. */
                        s->tests |= c == '[';
                        i++;
                } else {
                        while (i < code.len && !ascii_isspace(code.data[i]) &&
                               !is_one_of(code.data[i], "'\";|&()`{}[],<>"))
                                i++;
                        take_word(s, (struct span){ code.data + start, i - start }, is_command);
                        is_command = false;
                }
        }
        s->quote = '\0';
}

static void judge(struct statement *s, const struct line *line)
{
        enum mention_act before = s->act;

        for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
                const struct tool *t = &tools[i];
                uint32_t bit = 1u << i;

                if ((s->present & bit) && (!t->needs || (s->needed & bit)) && !(s->spoilt & bit) &&
                    t->act > s->act) {
                        s->act = t->act;
                        s->tool = s->words[i];
                }
        }
        if (s->act < MENTION_AWAITED && s->loops && s->tests && !s->bounds) {
                s->act = MENTION_AWAITED;
                s->tool = SPAN("a loop");
        }
        if (s->act != before || s->line == 0) {
                s->line = line->number;
                s->text = line->text;
        }
}

/* ---- names ---- */

struct found {
        struct span name; /* without /dev/, and for a pattern all of it */
        enum devname_kind kind;
        bool is_pattern, is_below_sys;
        size_t len; /* bytes of the code that it takes */
};

bool mention_is_disk(enum devname_kind kind)
{
        return kind == DEVNAME_XEN || kind == DEVNAME_SCSI || kind == DEVNAME_IDE ||
               kind == DEVNAME_NVME || kind == DEVNAME_XEN_BY_PATH;
}

static enum devname_kind kind_of(struct span name)
{
        char path[NAME_MAX_LEN + sizeof("/dev/")];

        if (name.len == 0 || name.len > NAME_MAX_LEN)
                return DEVNAME_OTHER;
        memcpy(path, "/dev/", 5);
        memcpy(path + 5, name.data, name.len);
        return devname_classify((struct span){ path, 5 + name.len });
}

/* Whether something that stands for more than itself follows; "$" at the end is a regex's. */
static bool is_expansion(struct span rest)
{
        if (rest.len == 0)
                return false;
        if (rest.data[0] == '$')
                return rest.len > 1 && (is_name_char(rest.data[1]) || rest.data[1] == '{');
        return is_one_of(rest.data[0], "*?[{");
}

static size_t pattern_length(struct span s)
{
        size_t n = 0;

        while (n < s.len && n < NAME_MAX_LEN && !ascii_isspace(s.data[n]) &&
               !is_one_of(s.data[n], "'\"`;|&<>)"))
                n++;
        return n;
}

/*
 * What follows "/dev/". "/dev/xvd*" is a pattern, and so is the bare beginning, in a regex or a
 * list of prefixes. Those of other disks are not: on Xen nothing has such names.
 */
static bool find_name(struct span s, struct found *ret)
{
        size_t n = 0;

        while (n < s.len && (is_name_char(s.data[n]) || is_one_of(s.data[n], "./+-")))
                n++;
        while (n > 0 && s.data[n - 1] == '.')
                n--;
        *ret = (struct found){ .name = { s.data, n }, .len = n };
        ret->kind = kind_of(ret->name);
        if (is_expansion(skip(s, n)) || span_eq(ret->name, "xvd")) {
                ret->is_pattern = true;
                if (ret->kind != DEVNAME_XEN && ret->kind != DEVNAME_XEN_BY_PATH &&
                    !span_eq(ret->name, "xvd"))
                        return false;
                if (ret->kind != DEVNAME_XEN_BY_PATH)
                        ret->kind = DEVNAME_XEN;
                ret->len = ret->name.len = pattern_length(s);
        }
        return mention_is_disk(ret->kind);
}

/* A name without /dev/: of sd and hd the first few letters, or "sdk" were a disk. */
static bool find_bare(struct span s, struct found *ret)
{
        size_t n = 0;

        while (n < s.len && ascii_isalnum(s.data[n]))
                n++;
        *ret = (struct found){ .name = { s.data, n }, .len = n };
        ret->is_pattern = span_eq(ret->name, "xvd");
        if (n < s.len && is_one_of(s.data[n], ret->is_pattern ? "_-" : "_-/"))
                return false;
        if (begins(s, "sd") && !(n > 2 && s.data[2] >= 'a' && s.data[2] <= 'j'))
                return false;
        if (begins(s, "hd") && !(n > 2 && s.data[2] >= 'a' && s.data[2] <= 'c'))
                return false;
        ret->kind = ret->is_pattern ? DEVNAME_XEN : kind_of(ret->name);
        return mention_is_disk(ret->kind);
}

/* Whether a path that begins at `i` is not the rest of a longer one. */
static bool begins_path(struct span code, size_t i)
{
        return i == 0 ||
               (!is_name_char(code.data[i - 1]) && !is_one_of(code.data[i - 1], "./})~*\\"));
}

static bool find_at(struct span code, size_t i, bool bare, struct found *ret)
{
        static const char *const sys[] = { "/sys/block/", "/sys/class/block/" };
        struct span rest = skip(code, i);

        ret->len = 1;
        if (rest.data[0] == '/' && begins_path(code, i)) {
                if (begins(rest, "/dev/"))
                        return find_name(skip(rest, 5), ret);
                for (size_t k = 0; k < ARRAY_SIZE(sys); k++)
                        if (begins(rest, sys[k])) {
                                struct span name = skip(rest, strlen(sys[k]));
                                const char *end = memchr(name.data, '/', name.len);

                                if (end)
                                        name.len = (size_t)(end - name.data);
                                if (!find_name(name, ret))
                                        return false;
                                return ret->is_below_sys = true;
                        }
        }
        if (bare && ascii_isalpha(rest.data[0]) &&
            (i == 0 || (!is_name_char(code.data[i - 1]) && !is_one_of(code.data[i - 1], "./-"))))
                return find_bare(rest, ret);
        return false;
}

/* ---- variables of the shell ---- */

static size_t name_length(struct span s)
{
        size_t n = 0;

        if (s.len > 0 && ascii_isdigit(s.data[0]))
                return 0;
        while (n < s.len && is_name_char(s.data[n]))
                n++;
        return n;
}

/* In "X=...", and in "for X in ...", the variable that will hold what stands at `at`. */
static struct span variable_at(struct span code, size_t at)
{
        struct span s = line_strip(code);
        size_t start = at, n;

        while (start > 0 && !is_one_of(code.data[start - 1], " \t;&|(") && at - start < 256)
                start--;
        n = name_length(skip(code, start));
        if (n > 0 && start + n < at && code.data[start + n] == '=')
                return (struct span){ code.data + start, n };
        if (!begins(s, "for "))
                return (struct span){ 0 };
        s = line_strip(skip(s, 4));
        n = name_length(s);
        return begins(skip(s, n), " in ") && s.data + n < code.data + at
                       ? (struct span){ s.data, n }
                       : (struct span){ 0 };
}

static bool span_same(struct span a, struct span b)
{
        return a.len == b.len && a.len > 0 && memcmp(a.data, b.data, a.len) == 0;
}

/* ---- putting it together ---- */

static void note_act(struct mention *m, enum mention_act act, struct span tool, size_t line,
                     struct span text)
{
        if (act <= m->act)
                return;
        free(m->tool);
        m->act = act;
        m->tool = span_dup(tool);
        m->act_line = line;
        m->act_text = text;
}

static struct mention *add_mention(struct mentions *l, const struct found *f,
                                   const struct line *line)
{
        cleanup_free char *name = span_dup(f->name);
        cleanup_free char *value = xasprintf("/dev/%s", name);
        struct mention *m;

        for (size_t i = 0; i < l->n; i++)
                if (streq(l->v[i].value, value))
                        return &l->v[i];
        if (l->n >= MENTIONS_MAX) {
                l->cut = true;
                return NULL;
        }
        m = ARRAY_PUSH(&l->v, &l->n, &l->cap);
        m->value = TAKE_PTR(value);
        m->is_pattern = f->is_pattern;
        m->kind = f->kind;
        m->line = line->number;
        m->text = line->text;
        return m;
}

static void find_names(struct mentions *l, const struct reader *r, struct span code,
                       const struct line *line, const struct statement *s)
{
        struct found f;

        for (size_t i = 0; i<code.len; i += f.len> 0 ? f.len : 1) {
                struct mention *m;
                struct span variable;

                if (!find_at(code, i, r->syntax.bare, &f))
                        continue;
                m = add_mention(l, &f, line);
                if (!m)
                        return;
                note_act(m, s->act, s->tool, s->line, s->text);
                if (f.is_below_sys)
                        note_act(m, MENTION_TUNED, SPAN("/sys"), line->number, line->text);
                variable = r->syntax.grammar == MENTION_SCRIPT ? variable_at(code, i)
                                                               : (struct span){ 0 };
                if (m->variable.len == 0)
                        m->variable = variable;
        }
}

/* What is done to "$X", where a name was given to X. */
static void find_variables(struct mentions *l, struct span code, const struct statement *s)
{
        for (size_t i = 0; i + 1 < code.len; i++) {
                struct span name;

                if (code.data[i] != '$')
                        continue;
                name = skip(code, i + 1 + (code.data[i + 1] == '{'));
                name.len = name_length(name);
                for (size_t k = 0; k < l->n; k++)
                        if (span_same(name, l->v[k].variable))
                                note_act(&l->v[k], s->act, s->tool, s->line, s->text);
        }
}

static void begin_statement(struct statement *s)
{
        *s = (struct statement){ 0 };
}

static void read_lines(struct span text, struct mention_syntax syntax, struct mentions *l,
                       bool variables)
{
        struct reader r = { .syntax = syntax };
        struct lines lines = lines_of(text);
        struct statement s = { 0 };
        struct line line;

        while (lines_next(&lines, &line)) {
                struct span code = code_of(&r, line.text);

                if (code.len == 0)
                        continue;
                if (syntax.grammar == MENTION_SCRIPT || syntax.grammar == MENTION_UNIT) {
                        take_line(&s, code);
                        judge(&s, &line);
                }
                if (variables && s.act != MENTION_USED)
                        find_variables(l, code, &s);
                if (!variables) {
                        find_names(l, &r, code, &line, &s);
                        l->knows_nvme |= memmem(code.data, code.len, "nvme", 4) != NULL;
                }
                if (!ends_in_backslash(code))
                        begin_statement(&s);
        }
}

/* Most texts name no disk at all, though most scripts name /dev/null. */
static bool may_name(struct span text, bool bare)
{
        static const char *const disks[] = { "xvd", "sd", "hd", "nvme", "disk/by-path/xen-" };
        const char *p;

        if (bare || memmem(text.data, text.len, "/block/", 7))
                return true;
        while ((p = memmem(text.data, text.len, "/dev/", 5))) {
                text = skip(text, (size_t)(p + 5 - text.data));
                for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
                        if (begins(text, disks[i]))
                                return true;
        }
        return false;
}

int mentions_parse(struct span text, struct mention_syntax syntax, struct mentions *ret,
                   struct err *err)
{
        if (text.len > MENTION_FILE_MAX)
                return err_set(err, -E2BIG, "more than %u bytes", MENTION_FILE_MAX);
        *ret = (struct mentions){ 0 };
        if (!may_name(text, syntax.bare))
                return 0;
        read_lines(text, syntax, ret, false);
        for (size_t i = 0; i < ret->n; i++)
                if (ret->v[i].variable.len > 0) {
                        read_lines(text, syntax, ret, true);
                        break;
                }
        return 0;
}

void mentions_done(struct mentions *m)
{
        for (size_t i = 0; i < m->n; i++) {
                free(m->v[i].value);
                free(m->v[i].tool);
        }
        free(m->v);
        *m = (struct mentions){ 0 };
}

char *mention_at_end(const char *name)
{
        size_t n = strlen(name), start = n;
        struct found f;

        while (start > 0 && ascii_isalnum(name[start - 1]))
                start--;
        if (!find_bare((struct span){ name + start, n - start }, &f) || f.is_pattern)
                return NULL;
        return xasprintf("/dev/%s", name + start);
}
