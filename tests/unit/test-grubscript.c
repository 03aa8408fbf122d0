#include "unit.h"

#include "parse/grubscript.h"

static void print_words(struct buf *out, const struct grubscript_word *w)
{
        static const char *const open[] = { "", "'", "$", "\"$", "_" };
        static const char *const close[] = { "", "'", "", "\"", "_" };

        for (; w; w = w->next) {
                buf_puts(out, " ");
                for (const struct grubscript_part *p = w->parts; p; p = p->next)
                        buf_printf(out, "%s%s%s%s", open[p->type], p->text, close[p->type],
                                   p->next ? "." : "");
        }
}

static void print_list(struct buf *out, const struct grubscript_node *n)
{
        static const char *const names[] = { "", "if", "for", "while", "until", "function" };

        for (; n; n = n->next) {
                buf_printf(out, "(%zu%s%s%s", n->line, names[n->type], n->name ? " " : "",
                           n->name ? n->name : "");
                print_words(out, n->words);
                if (n->condition) {
                        buf_puts(out, " ? ");
                        print_list(out, n->condition);
                }
                if (n->body) {
                        buf_puts(out, " { ");
                        print_list(out, n->body);
                        buf_puts(out, " }");
                }
                if (n->otherwise) {
                        buf_puts(out, " : ");
                        print_list(out, n->otherwise);
                }
                buf_puts(out, ")");
        }
}

static char *describe(struct span text)
{
        cleanup_grubscript struct grubscript script = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (grubscript_parse(text, &script, &err) < 0)
                return xstrdup(err.text);
        print_list(&out, script.first);
        return buf_take(&out);
}

static void test_script(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "empty", "", "" },
                { "blanks and comments", "\n \t\n# a\n  # b 'c\n", "" },
                { "words", "a b  c\td\n", "(1 a b c d)" },
                { "no newline at the end", "a\nb", "(1 a)(2 b)" },
                { "CRLF", "a\r\nb\r\n", "(1 a)(2 b)" },
                { "semicolons", "a; b ;c;\nd", "(1 a)(1 b)(1 c)(2 d)" },
                { "quotes", "a 'b c' \"d e\" f'g'h", "(1 a 'b c' 'd e' f.'g'.h)" },
                { "escapes in double quotes", "\"\\$ \\\\ \\\" \\n\"", "(1 '$ \\ \" \\n')" },
                { "bare escapes stay for later", "a\\ b \\' \\;", "(1 a\\ b \\' \\;)" },
                { "empty quotes", "'' \"\"", "(1 '' '')" },
                { "variables", "$a ${b}c \"$d\" \"x${e}y\" $1 $? $@ ${#}",
                  "(1 $a $b.c ''.\"$d\".'' 'x'.\"$e\".'y' $1 $? $@ $#)" },
                { "no variable in single quotes", "'$a'", "(1 '$a')" },
                { "translated", "$\"a $b\"", "(1 _a $b_)" },
                { "line continued", "a\\\nb \\\n c\nd", "(1 ab  c)(4 d)" },
                { "quote over lines", "a 'b\nc' \"d\ne\"\nf", "(1 a 'b\nc' 'd\ne')(4 f)" },
                { "comment line within a quote", "a 'b\n#c\nd'\ne", "(1 a 'b\nd')(4 e)" },
                { "hash inside a word", "a#b #c", "(1 a#b)" },
                { "keywords as arguments", "echo if then fi { a }",
                  "(1 echo if then fi { (1 a) })" },
                { "if", "if a; then b; fi", "(1if ? (1 a) { (1 b) })" },
                { "if over lines", "if a\nthen\n b\nelse\n c\nfi\nd",
                  "(1if ? (1 a) { (3 b) } : (5 c))(7 d)" },
                { "elif", "if a; then b; elif c; then d; else e; fi",
                  "(1if ? (1 a) { (1 b) } : (1if ? (1 c) { (1 d) } : (1 e)))" },
                { "block", "menuentry 'a' {\n b\n c }\n", "(1 menuentry 'a' { (2 b)(3 c) })" },
                { "brace without a blank", "a{\nb\n}", "(1 a { (2 b) })" },
                { "column-0 comment with a brace", "a {\n#}\nb\n}", "(1 a { (3 b) })" },
                { "function", "function f {\n a\n}\nfunction g\n{\n b; }",
                  "(1function f { (2 a) })(4function g { (6 b) })" },
                { "for", "for i in a 'b' $c; do d; done", "(1for i a 'b' $c { (1 d) })" },
                { "while and until", "while a; do b; done; until c\ndo d\ndone",
                  "(1while ? (1 a) { (1 b) })(1until ? (1 c) { (2 d) })" },
                { "an assignment is a command", "a=b c='d'", "(1 a=b c=.'d')" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_errors(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "and", "a\nb && c",
                  "line 2: pipes, && and ||, and redirections are not supported by GRUB" },
                { "pipe", "a | b",
                  "line 1: pipes, && and ||, and redirections are not supported by GRUB" },
                { "bare >", "set default=1>2",
                  "line 1: pipes, && and ||, and redirections are not supported by GRUB" },
                { "two semicolons", "a;;", "line 1: \";;\" is not supported by GRUB" },
                { "semicolon alone", "\n;", "line 2: unexpected \";\"" },
                { "two delimiters", "if a; ; then b; fi", "line 1: unexpected \";\"" },
                { "double brackets", "[[ a ]]", "line 1: [[ and ]] are not supported by GRUB" },
                { "open quote", "a\n'b\nc", "line 2: a quote that is never closed" },
                { "open double quote", "\"a", "line 1: a quote that is never closed" },
                { "lone dollar", "a $ b", "line 1: a dollar sign without a variable's name" },
                { "dollar in quotes", "\"5$\"", "line 1: a dollar sign without a variable's name" },
                { "open brace of a variable", "${a",
                  "line 1: a dollar sign without a variable's name" },
                { "truncated entry", "menuentry a {\n linux x\n",
                  "line 3: unexpected end of the file" },
                { "truncated if", "if a; then\n b\n", "line 3: unexpected end of the file" },
                { "then missing", "if a; b; fi", "line 1: unexpected \"fi\"" },
                { "empty then", "if a; then fi", "line 1: unexpected \"fi\"" },
                { "empty block", "a { }", "line 1: unexpected \"}\"" },
                { "stray brace", "a\n}", "line 2: unexpected \"}\"" },
                { "stray fi", "fi", "line 1: unexpected \"fi\"" },
                { "fi as an argument", "if a; then b fi", "line 2: unexpected end of the file" },
                { "function without delimiter", "function f { a }",
                  "line 1: unexpected end of the line" },
                { "function within a block", "a { function f { b; }\n}",
                  "line 1: unexpected \"function\"" },
                { "for without in", "for a b; do c; done", "line 1: unexpected \"b\"" },
                { "name of a loop", "for 'a' in b; do c; done", "line 1: unexpected \"a\"" },
                { "case", "case a in b) c;; esac", "line 1: unexpected \"case\"" },
                { "words after a block", "a { b } c", "line 1: unexpected \"c\"" },
                { "file ends in a continued line", "a \\\n",
                  "line 1: the file ends inside a line" },
                { "mark", "a\n\1", "line 2: a control byte (0x01)" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static char *repeat(const char *text, size_t n, const char *after)
{
        struct buf b = { 0 };

        while (n--)
                buf_puts(&b, text);
        buf_puts(&b, after);
        return buf_take(&b);
}

static void test_caps(void **state _unused_)
{
        cleanup_free char *deep = repeat("a {\n", GRUBSCRIPT_DEPTH_MAX + 1, "");
        cleanup_free char *elifs = repeat("elif a; then b\n", 10000, "fi\n");
        cleanup_free char *long_if = xasprintf("if a; then b\n%s", elifs);
        cleanup_free char *many = repeat("a ", GRUBSCRIPT_NODES_MAX + 1, "");
        cleanup_free char *nul = describe(SPAN("a\0b")), *got = describe(span_of(deep));
        cleanup_free char *flat = describe(span_of(long_if)), *over = describe(span_of(many));

        assert_string_equal(nul, "line 1: a control byte (0x00)");
        assert_string_equal(got, "line 65: blocks are nested too deeply");
        assert_memory_equal(flat, "(1if ", 5); /* a chain of elif is no nesting */
        assert_string_equal(over, "line 1: too many words");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_script),
                cmocka_unit_test(test_errors),
                cmocka_unit_test(test_caps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
