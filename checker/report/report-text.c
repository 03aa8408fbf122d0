/*
 * The report for a person at 2 a.m.: the verdict first, then the worst, each with its evidence,
 * what it leads to and what to do. 80 columns; strings of the target never reach the terminal raw.
 */
#include "base/str.h"
#include "base/wrap.h"
#include "base/xalloc.h"
#include "report/report.h"

enum color {
        PLAIN,
        RED,
        YELLOW,
        GREEN,
        BOLD,
};

static const char *const color_codes[] = {
        [RED] = "\033[1;31m", [YELLOW] = "\033[1;33m", [GREEN] = "\033[1;32m", [BOLD] = "\033[1m"
};

static void put_colored(struct buf *out, const struct report *report, enum color color,
                        const char *text)
{
        if (!report->color || color == PLAIN) {
                buf_puts(out, text);
                return;
        }
        buf_printf(out, "%s%s\033[0m", color_codes[color], text);
}

static void put_evidence(struct buf *out, const struct evidence *e)
{
        cleanup_free char *label = NULL;

        label = e->line ? xasprintf("%s:%llu: ", e->file, (unsigned long long)e->line)
                        : xasprintf("%s%s", e->file, e->text && *e->text ? ": " : "");
        wrap_text(out, 4, "> ", label);
        if (!e->text || !*e->text)
                return;
        /* On one line with its place when it fits there. */
        if (wrap_columns(label, strlen(label)) + wrap_columns(e->text, strlen(e->text)) + 6 <=
            WRAP_WIDTH) {
                out->len--;
                buf_putc(out, ' ');
                wrap_text(out, 0, "", e->text);
        } else {
                wrap_text(out, 6, "", e->text);
        }
}

static void put_waiver(struct buf *out, const struct finding *f)
{
        cleanup_free char *text =
                xasprintf("%s %s by %s until %s: %s", severity_name(f->severity),
                          f->was == OUTCOME_FAIL ? "waived" : "that is unknown, waived",
                          f->waiver_owner, f->waiver_expires, f->waiver_reason);

        wrap_text(out, 2, "But   ", text);
}

static void put_finding(struct buf *out, const struct report *report, const struct finding *f)
{
        bool fail = f->outcome == OUTCOME_FAIL, waived = f->outcome == OUTCOME_WAIVED;
        enum color color = waived                            ? BOLD
                           : !fail                           ? YELLOW
                           : f->severity == SEVERITY_BLOCKER ? RED
                           : f->severity == SEVERITY_WARNING ? YELLOW
                                                             : BOLD;
        static const char *const words[_SEVERITY_MAX] = { "info", "WARNING", "BLOCKER" };
        cleanup_free char *subject = f->subject ? wrap_printable(f->subject) : NULL;

        buf_putc(out, '\n');
        put_colored(out, report, color, fail ? words[f->severity] : waived ? "WAIVED" : "UNKNOWN");
        buf_printf(out, "  %s", f->rule);
        if (subject)
                buf_printf(out, "  %s", subject);
        buf_putc(out, '\n');
        wrap_text(out, 2, "", f->message ? f->message : f->title);
        for (size_t i = 0; i < f->n_evidence; i++)
                put_evidence(out, &f->evidence[i]);
        if (f->consequence)
                wrap_text(out, 2, "Then  ", f->consequence);
        if (f->fix)
                wrap_text(out, 2, "Fix   ", f->fix);
        if (waived)
                put_waiver(out, f);
        /* The first is the most telling; `explain` has them all. */
        if (f->links.n)
                wrap_text(out, 2, "See   ", f->links.v[0]);
}

/* What an unknown finding says after "cannot tell: ", or NULL. */
static const char *reason_of(const struct finding *f)
{
        return f->outcome == OUTCOME_UNKNOWN && f->message ? str_after(f->message, "cannot tell: ")
                                                           : NULL;
}

/* Is the reason of an earlier finding also that of a later one? One cause is told once. */
static bool follows_from(const struct finding *later, const struct finding *earlier)
{
        const char *reason = reason_of(earlier);

        return reason && reason_of(later) && strstr(reason_of(later), reason);
}

static bool was_told(const struct findings *l, size_t i)
{
        for (size_t k = 0; k < i; k++)
                if (follows_from(&l->v[i], &l->v[k]))
                        return true;
        return false;
}

static void put_followers(struct buf *out, const struct findings *l, size_t i)
{
        cleanup_buf struct buf names = { 0 };

        for (size_t k = i + 1; k < l->n; k++)
                if (follows_from(&l->v[k], &l->v[i]))
                        buf_printf(&names, "%s%s%s%s", names.len ? ", " : "", l->v[k].rule,
                                   l->v[k].subject ? " " : "",
                                   l->v[k].subject ? l->v[k].subject : "");
        if (names.len)
                wrap_text(out, 2, "Nor can, for the same reason:  ", names.data);
}

static void put_one_line(struct buf *out, const struct finding *f)
{
        cleanup_free char *text = wrap_printable(f->message ? f->message : f->title);
        cleanup_free char *subject = f->subject ? wrap_printable(f->subject) : xstrdup("");
        cleanup_free char *line = xasprintf("  %-14s %s%s%s: %s", outcome_name(f->outcome), f->rule,
                                            *subject ? " " : "", subject, text);
        size_t len = strlen(line);

        if (wrap_columns(line, len) > WRAP_WIDTH) {
                while (wrap_columns(line, len) > WRAP_WIDTH - 3 ||
                       ((unsigned char)line[len] & 0xc0) == 0x80)
                        len--;
                buf_append(out, line, len);
                buf_puts(out, "...\n");
        } else {
                buf_printf(out, "%s\n", line);
        }
}

static void put_count(struct buf *line, size_t n, const char *one, const char *many)
{
        if (n)
                buf_printf(line, "%s%zu %s", line->len ? ", " : "", n, n == 1 ? one : many);
}

static void put_counts(struct buf *out, const struct findings *l)
{
        cleanup_buf struct buf line = { 0 };

        put_count(&line, findings_count_at(l, OUTCOME_FAIL, SEVERITY_BLOCKER), "blocker",
                  "blockers");
        put_count(&line, findings_count_at(l, OUTCOME_FAIL, SEVERITY_WARNING), "warning",
                  "warnings");
        put_count(&line, findings_count(l, OUTCOME_UNKNOWN), "unknown", "unknown");
        put_count(&line, findings_count_at(l, OUTCOME_FAIL, SEVERITY_INFO), "note", "notes");
        put_count(&line, findings_count(l, OUTCOME_WAIVED), "waived", "waived");
        put_count(&line, findings_count(l, OUTCOME_PASS), "pass", "passes");
        put_count(&line, findings_count(l, OUTCOME_NOT_APPLICABLE), "not applicable",
                  "not applicable");
        put_count(&line, findings_count(l, OUTCOME_SKIPPED), "skipped", "skipped");
        wrap_text(out, 2, "Checks   ", buf_span(&line).data);
}

static void put_verdict(struct buf *out, const struct report *report)
{
        static const struct {
                const char *word, *text;
                enum color color;
        } verdicts[_VERDICT_MAX] = {
                [VERDICT_READY] = { "READY", "no blocker found", GREEN },
                [VERDICT_NOT_READY] = { "NOT READY", "do not move it to Nitro yet", RED },
                [VERDICT_UNDETERMINED] = { "UNDETERMINED",
                                           "no blocker found, but not everything could be told",
                                           YELLOW },
        };
        cleanup_free char *source = wrap_printable(report->source);
        const char *target = facts_str(report->facts, "/target/type");
        size_t waived = findings_count_at(report->findings, OUTCOME_WAIVED, SEVERITY_BLOCKER);

        put_colored(out, report, verdicts[report->verdict].color, verdicts[report->verdict].word);
        buf_printf(out, "  %s%s%s: %s", source, target ? " -> " : "", target ? target : "",
                   verdicts[report->verdict].text);
        if (waived)
                buf_printf(out, "; %zu %s waived", waived, waived == 1 ? "is" : "are");
        buf_putc(out, '\n');
}

/* Nothing for the plain case, a resize of nobody knows what. */
static void put_move(struct buf *out, const struct facts *facts)
{
        const char *mode = facts_str(facts, "/move/mode");
        const char *source = facts_str(facts, "/move/source");
        cleanup_free char *text = NULL;

        if (!mode || (!source && streq(mode, "resize")))
                return;
        text = xasprintf("%s%s%s", mode, source ? " of " : "", source ? source : "");
        wrap_text(out, 2, "Move     ", text);
}

static void put_head(struct buf *out, const struct report *report)
{
        const char *os = facts_str(report->facts, "/os/name");
        const char *title = facts_str(report->facts, "/boot/entry/title");
        const char *release = facts_str(report->facts, "/boot/kernel/release");

        wrap_text(out, 2, "System   ", os ? os : "not known");
        if (title) {
                cleanup_free char *boot =
                        xasprintf("\"%s\", kernel %s", title, release ? release : "not known");

                wrap_text(out, 2, "Boots    ", boot);
        } else {
                wrap_text(out, 2, "Boots    ", "not known");
        }
        put_move(out, report->facts);
        put_counts(out, report->findings);
}

/* Which waivers were asked for, and those that waive nothing now. */
static void put_waivers(struct buf *out, const struct waivers *w)
{
        cleanup_free char *file = w->file ? wrap_printable(w->file) : NULL;

        if (!file)
                return;
        buf_printf(out, "\nWaivers of %s\n", file);
        if (w->problem)
                wrap_text(out, 2, "- none counts: ", w->problem);
        for (size_t i = 0; i < w->n; i++) {
                const struct waiver *one = &w->v[i];
                cleanup_free char *line = xasprintf(
                        "%s%s%s (%s, until %s: %s)", one->rule, one->subject ? " " : "",
                        one->subject ? one->subject : "", one->owner, one->expires, one->reason);

                if (one->expired)
                        wrap_text(out, 2, "- expired, does not count: ", line);
                else if (!one->used)
                        wrap_text(out, 2, "- there is no such finding: ", line);
                else
                        wrap_text(out, 2, "- counts: ", line);
        }
}

static void put_problems(struct buf *out, const struct report *report)
{
        for (size_t i = 0; i < facts_problem_count(report->facts); i++) {
                const char *file, *text = facts_problem_get(report->facts, i, &file);
                cleanup_free char *line =
                        xasprintf("%s%s%s", file ? file : "", file ? ": " : "", text);

                buf_puts(out, i ? "" : "\nMet on the way\n");
                wrap_text(out, 2, "- ", line);
        }
}

static void write_text(const struct report *report, struct buf *out)
{
        const struct findings *l = report->findings;
        bool rest = false;

        put_verdict(out, report);
        if (report->quiet)
                return;
        put_head(out, report);
        for (size_t i = 0; i < l->n; i++) {
                if (l->v[i].outcome < OUTCOME_WAIVED || was_told(l, i))
                        continue;
                put_finding(out, report, &l->v[i]);
                put_followers(out, l, i);
        }
        for (size_t i = 0; report->verbose && i < l->n; i++) {
                if (l->v[i].outcome >= OUTCOME_WAIVED)
                        continue;
                buf_puts(out, rest ? "" : "\n");
                put_one_line(out, &l->v[i]);
                rest = true;
        }
        put_waivers(out, report->waivers);
        put_problems(out, report);
        if (findings_count(l, OUTCOME_FAIL) + findings_count(l, OUTCOME_UNKNOWN))
                buf_puts(
                        out,
                        "\n\"xen2nitro explain RULE\" tells what a rule means and how to mend it by hand.\n");
}

const struct report_format report_format_text = { .name = "text", .write = write_text };
