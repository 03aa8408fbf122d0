/*
 * The plan for a person: what there is now and what there will be, each change with its diff, and
 * what is left, the worst first. 80 columns, but for the bytes of files.
 */
#include "base/wrap.h"
#include "base/xalloc.h"
#include "fixes/show.h"

#define CLEARED_MAX 20 /* named one by one */

enum color {
        PLAIN,
        RED,
        YELLOW,
        GREEN,
        CYAN,
        BOLD,
};

static void put_colored(struct buf *out, const struct show *show, enum color color,
                        const char *text)
{
        static const char *const codes[] = {
                [RED] = "1;31", [YELLOW] = "1;33", [GREEN] = "1;32", [CYAN] = "0;36", [BOLD] = "1"
        };

        if (show->color && color != PLAIN)
                buf_printf(out, "\033[%sm%s\033[0m", codes[color], text);
        else
                buf_puts(out, text);
}

/* ---- verdicts ---- */

static void put_count(struct buf *line, size_t n, const char *one, const char *many)
{
        if (n)
                buf_printf(line, "%s%zu %s", line->len ? ", " : "", n, n == 1 ? one : many);
}

static char *counts_of(const struct findings *l)
{
        struct buf line = { 0 };

        put_count(&line, findings_count_at(l, OUTCOME_FAIL, SEVERITY_BLOCKER), "blocker",
                  "blockers");
        put_count(&line, findings_count_at(l, OUTCOME_FAIL, SEVERITY_WARNING), "warning",
                  "warnings");
        put_count(&line, findings_count(l, OUTCOME_UNKNOWN), "unknown", "unknown");
        put_count(&line, findings_count(l, OUTCOME_WAIVED), "waived", "waived");
        put_count(&line, findings_count(l, OUTCOME_PASS), "pass", "passes");
        return buf_take(&line);
}

/* "  Now     NOT READY     2 blockers, 14 passes" */
static void put_verdict(struct buf *out, const struct show *show, const char *label,
                        const struct findings *l)
{
        static const struct {
                const char *word;
                enum color color;
        } verdicts[_VERDICT_MAX] = {
                [VERDICT_READY] = { "READY", GREEN },
                [VERDICT_NOT_READY] = { "NOT READY", RED },
                [VERDICT_UNDETERMINED] = { "UNDETERMINED", YELLOW },
        };
        enum verdict verdict = findings_verdict(l, false);
        cleanup_free char *counts = counts_of(l);

        buf_printf(out, "  %-7s ", label);
        put_colored(out, show, verdicts[verdict].color, verdicts[verdict].word);
        buf_printf(out, "%*s%s\n", 14 - (int)strlen(verdicts[verdict].word), "", counts);
}

/* One line for each finding that is in the one list and not in the other. */
static void put_only_in(struct buf *out, const char *label, const struct findings *a,
                        const struct findings *b)
{
        const struct finding *f;
        size_t at = 0, n = 0;

        while ((f = show_next_only_in(a, b, &at)))
                if (n++ < CLEARED_MAX) {
                        cleanup_free char *line = xasprintf("%s%s%s", f->rule,
                                                            f->subject ? "  " : "",
                                                            f->subject ? f->subject : "");
                        cleanup_free char *printable = wrap_printable(line);

                        buf_printf(out, "  %-7s %s\n", n == 1 ? label : "", printable);
                }
        if (n > CLEARED_MAX)
                buf_printf(out, "  %-7s and %zu more\n", "", n - CLEARED_MAX);
}

/* ---- operations ---- */

/* A line of a diff as it may go to a terminal: only tabs stay of the control bytes. */
static char *printable_line(struct span line)
{
        cleanup_free char *text = str_to_utf8(line);
        struct buf out = { 0 };

        for (char *p = text, *tab; p; p = tab) {
                cleanup_free char *part = NULL;

                tab = strchr(p, '\t');
                if (tab)
                        *tab++ = '\0';
                part = wrap_printable(p);
                buf_printf(&out, "%s%s", part, tab ? "\t" : "");
        }
        return buf_take(&out);
}

static enum color color_of_line(const char *line)
{
        switch (*line) {
        case '+':
                return strncmp(line, "+++ ", 4) ? GREEN : BOLD;
        case '-':
                return strncmp(line, "--- ", 4) ? RED : BOLD;
        case '@':
                return CYAN;
        default:
                return PLAIN;
        }
}

static void put_diff(struct buf *out, const struct show *show, const struct plan_op *op)
{
        cleanup_buf struct buf diff = { 0 };
        struct span rest;

        show_diff(op, &diff);
        if (!diff.len && op->kind == PLAN_WRITE)
                buf_printf(out, "  %llu bytes that are no text become %zu\n",
                           (unsigned long long)op->size, op->after.len);
        if (!show->terminal) {
                buf_append(out, diff.data, diff.len);
                return;
        }
        for (rest = buf_span(&diff); rest.len;) {
                size_t n = (size_t)((const char *)memchr(rest.data, '\n', rest.len) - rest.data);
                cleanup_free char *line = printable_line((struct span){ rest.data, n });

                put_colored(out, show, color_of_line(line), line);
                buf_putc(out, '\n');
                rest.data += n + 1;
                rest.len -= n + 1;
        }
}

static void put_list(struct buf *out, const char *label, const struct strv *names)
{
        cleanup_buf struct buf line = { 0 };

        for (size_t i = 0; i < names->n; i++)
                buf_printf(&line, "%s%s", i ? ", " : "", names->v[i]);
        if (line.len)
                wrap_text(out, 2, label, line.data);
}

static char *command_line(const struct strv *argv)
{
        struct buf line = { 0 };

        for (size_t i = 0; i < argv->n; i++)
                buf_printf(&line, "%s%s", i ? " " : "", argv->v[i]);
        return buf_take(&line);
}

static void put_op(struct buf *out, const struct show *show, const struct plan_op *op)
{
        const char *word = op->kind == PLAN_RUN      ? "RUN"
                           : op->kind == PLAN_APPEND ? "APPEND"
                           : op->existed             ? "EDIT"
                                                     : "NEW";
        cleanup_free char *command = op->kind == PLAN_RUN ? command_line(&op->argv) : NULL;
        cleanup_free char *what = wrap_printable(command ? command : op->path);

        buf_putc(out, '\n');
        put_colored(out, show, BOLD, word);
        buf_printf(out, "  %s\n", what);
        put_list(out, "For     ", &op->rules);
        put_list(out, "Writes  ", &op->outputs);
        if (op->kind == PLAN_APPEND)
                buf_printf(out, "  %zu bytes behind the %llu that are there\n", op->after.len,
                           (unsigned long long)op->size);
        put_diff(out, show, op);
}

/* ---- what is left ---- */

static void put_left(struct buf *out, const struct show *show, const struct finding *f,
                     const struct plan_left *left)
{
        static const char *const words[_SEVERITY_MAX] = { "info", "WARNING", "BLOCKER" };
        bool fail = f->outcome == OUTCOME_FAIL;
        cleanup_free char *subject = left->subject ? wrap_printable(left->subject) : NULL;

        buf_puts(out, "\nLEFT  ");
        put_colored(out, show,
                    fail && f->severity == SEVERITY_BLOCKER ? RED
                    : f->severity == SEVERITY_INFO          ? BOLD
                                                            : YELLOW,
                    fail ? words[f->severity] : "UNKNOWN");
        buf_printf(out, "  %s%s%s\n", left->rule, subject ? "  " : "", subject ? subject : "");
        wrap_text(out, 2, "", left->reason);
        if (left->remedy)
                wrap_text(out, 2, "Do    ", left->remedy);
}

static void put_all_left(struct buf *out, const struct show *show)
{
        size_t n = plan_left_count(show->plan);
        cleanup_free bool *shown = xcalloc(n + 1, sizeof(*shown));

        for (size_t i = 0; i < show->before->n; i++)
                for (size_t k = 0; k < n; k++) {
                        const struct plan_left *left = plan_left_get(show->plan, k);
                        const struct finding *f = &show->before->v[i];

                        if (shown[k] || f->outcome < OUTCOME_UNKNOWN ||
                            !streq(left->rule, f->rule) || !streq(left->subject, f->subject))
                                continue;
                        put_left(out, show, f, left);
                        shown[k] = true;
                }
}

/* ---- the whole ---- */

void show_plan_text(const struct show *show, struct buf *out)
{
        size_t n = plan_count(show->plan);
        cleanup_free char *source = wrap_printable(show->source);

        put_colored(out, show, BOLD, "PLAN");
        if (n)
                buf_printf(out, "  %s: %zu %s, nothing is written yet\n", source, n,
                           n == 1 ? "change" : "changes");
        else
                buf_printf(out, "  %s: %s\n", source,
                           plan_left_count(show->plan) ? "nothing that could be mended from here"
                                                       : "nothing to mend");
        if (show->quiet)
                return;
        put_verdict(out, show, "Now", show->before);
        if (n) {
                put_verdict(out, show, "Then", show->predicted);
                put_only_in(out, "Clears", show->before, show->predicted);
                put_only_in(out, "BRINGS", show->predicted, show->before);
                if (show->obstacle)
                        wrap_text(out, 2, "STOPS   ", show->obstacle);
        }
        for (size_t i = 0; i < n; i++)
                put_op(out, show, plan_get(show->plan, i));
        put_all_left(out, show);
        if (n && show->next)
                buf_printf(out, "\nTo do it: %s\n", show->next);
}

void show_result_text(const struct show *show, struct buf *out)
{
        static const struct {
                const char *word, *text;
                enum color color;
        } states[_SHOW_STATE_MAX] = {
                [SHOW_DONE] = { "DONE", "everything is written, and was looked at again", GREEN },
                [SHOW_UNDONE] = { "UNDONE", "it failed, and everything is as it was", RED },
                [SHOW_STUCK] = { "STUCK", "it failed half-way, and a person has to look", RED },
        };
        cleanup_free char *source = wrap_printable(show->source);

        buf_putc(out, '\n');
        put_colored(out, show, states[show->state].color, states[show->state].word);
        buf_printf(out, "  %s: %s\n", source, states[show->state].text);
        if (show->error)
                wrap_text(out, 2, "Why     ", show->error);
        if (show->quiet)
                return;
        if (show->now) {
                put_verdict(out, show, "Now", show->now);
                put_only_in(out, "Cleared", show->before, show->now);
                put_only_in(out, "BROUGHT", show->now,
                            show->state == SHOW_DONE ? show->predicted : show->before);
        }
        if (show->run && *show->run)
                buf_printf(out, "  %-7s %s\n", "Run", show->run);
        if (show->next)
                buf_printf(out, "  %-7s %s\n", "Undo", show->next);
}
