#include "cmd-planning.h"

#include <errno.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "fixes/apply.h"
#include "fixes/fix.h"

/* Every name must be a fix, as with rules. */
static int check_fix_names(const struct strv *names)
{
        cleanup_strv struct strv known = { 0 };

        for (const struct fix *const *f = fix_list; *f; f++)
                strv_push(&known, (*f)->id);
        for (size_t i = 0; i < names->n; i++) {
                cleanup_free char *hint = NULL;

                if (fix_find(names->v[i]))
                        continue;
                hint = cmd_hint(names->v[i], &known);
                return cmd_fail(EXIT_USAGE, "--confirm: no fix \"%s\"%s", names->v[i], hint);
        }
        return EXIT_READY;
}

/* What a command will write is seen when it has run, so nobody can say what its rules will say. */
static void doubt_commands(const struct plan *plan, struct findings *predicted)
{
        for (size_t i = 0; i < plan_count(plan); i++) {
                const struct plan_op *op = plan_get(plan, i);

                for (size_t k = 0; op->kind == PLAN_RUN && k < predicted->n; k++) {
                        struct finding *f = &predicted->v[k];

                        if (f->outcome != OUTCOME_FAIL || !strv_contains(&op->rules, f->rule))
                                continue;
                        f->outcome = OUTCOME_UNKNOWN;
                        free(f->message);
                        f->message = xasprintf("cannot tell: it is known when %s has run",
                                               op->argv.v[0]);
                }
        }
        findings_sort(predicted);
}

/* A finding that is waived is nothing to mend. */
static void look(const struct options *options, struct planning *p, const struct volume *volume,
                 struct facts **ret_facts, struct findings *ret)
{
        *ret_facts = cmd_probe(options, &p->subject, volume);
        ruleset_evaluate(p->rules, *ret_facts, NULL, NULL, ret);
        waivers_apply(&p->waivers, p->generated_at, ret);
}

static void make_plan(const struct options *options, struct planning *p)
{
        cleanup_facts struct facts *before = NULL, *after = NULL;
        struct fix_options fix_options = {
                .only = &options->only,
                .confirm = &options->confirm,
                .may_run = !options->root || options->chroot,
        };
        struct err err = { 0 };

        look(options, p, p->subject.volume, &before, &p->before);
        fix_plan_all(&fix_options, p->subject.blkids, before, &p->before, p->plan);
        look(options, p, plan_volume(p->plan), &after, &p->predicted);
        doubt_commands(p->plan, &p->predicted);
        if (plan_check(p->plan, p->subject.volume, options->root != NULL, &err) < 0)
                p->obstacle = xstrdup(err.text);
}

int planning_make(const struct options *options, struct planning *ret)
{
        int r = cmd_load_rules(options, &ret->rules);

        if (r == EXIT_READY)
                r = cmd_check_rule_names(ret->rules, &options->only, "only");
        if (r == EXIT_READY)
                r = check_fix_names(&options->confirm);
        if (r == EXIT_READY && options->chroot && !options->root)
                r = cmd_fail(EXIT_USAGE, "--chroot is for a volume given with --root");
        if (r == EXIT_READY)
                r = cmd_open_subject(options, &ret->subject);
        if (r == EXIT_READY)
                r = cmd_load_waivers(options, ret->rules, &ret->waivers);
        if (r != EXIT_READY)
                return r;
        ret->generated_at = cmd_timestamp();
        ret->plan = plan_new(ret->subject.volume);
        make_plan(options, ret);
        return EXIT_READY;
}

void planning_done(struct planning *p)
{
        plan_free(p->plan);
        findings_done(&p->before);
        findings_done(&p->predicted);
        cmd_subject_done(&p->subject);
        ruleset_free(p->rules);
        waivers_done(&p->waivers);
        free(p->generated_at);
        free(p->obstacle);
}

void planning_look_again(const struct options *options, struct planning *p, struct findings *ret)
{
        cleanup_facts struct facts *facts = NULL;

        look(options, p, p->subject.volume, &facts, ret);
}

struct show planning_show(const struct options *options, const struct planning *p)
{
        return (struct show){
                .source = cmd_source(options),
                .generated_at = p->generated_at,
                .plan = p->plan,
                .before = &p->before,
                .predicted = &p->predicted,
                .obstacle = p->obstacle,
                .state = SHOW_PLANNED,
                .color = cmd_want_color(options),
                .terminal = isatty(STDOUT_FILENO) &&
                            (!options->output || streq(options->output, "-")),
                .quiet = options->quiet,
        };
}

static void put_word(struct buf *out, const char *word)
{
        bool plain = *word;

        for (const char *p = word; *p; p++)
                plain &= ascii_isalnum(*p) || strchr("/._-+,:=@%", *p) != NULL;
        if (plain) {
                buf_printf(out, " %s", word);
                return;
        }
        buf_puts(out, " '");
        for (; *word; word++)
                buf_printf(out, *word == '\'' ? "'\\''" : "%c", *word);
        buf_putc(out, '\'');
}

static void put_option(struct buf *out, const char *option, const char *value)
{
        if (value) {
                put_word(out, option);
                put_word(out, value);
        }
}

static void put_options(struct buf *out, const char *option, const struct strv *values)
{
        for (size_t i = 0; i < values->n; i++)
                put_option(out, option, values->v[i]);
}

char *planning_command(const struct options *options)
{
        struct buf out = { 0 };

        buf_puts(&out, "xen2nitro fix");
        put_option(&out, "--root", options->root);
        put_option(&out, "--mode", options->mode);
        put_option(&out, "--source", options->source);
        put_option(&out, "--target", options->target);
        put_option(&out, "--blkid", options->blkid);
        put_options(&out, "--rules", &options->rules);
        put_option(&out, "--waivers", options->waivers);
        put_options(&out, "--only", &options->only);
        put_options(&out, "--confirm", &options->confirm);
        if (options->chroot)
                put_word(&out, "--chroot");
        return buf_take(&out);
}

char *planning_undo_command(const struct options *options, const char *run)
{
        struct buf out = { 0 };

        buf_puts(&out, "xen2nitro rollback");
        put_option(&out, "--root", options->root);
        put_word(&out, run);
        return buf_take(&out);
}

int planning_wants_json(const struct options *options, const char *verb)
{
        if (!options->format || streq(options->format, "text"))
                return false;
        if (streq(options->format, "json"))
                return true;
        cmd_fail(EXIT_USAGE, "%s: --format: \"%s\" is not text or json", verb, options->format);
        return -EINVAL;
}
