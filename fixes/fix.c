#include "fixes/fix.h"

#include "base/xalloc.h"

#define FIX(name) extern const struct fix fix_##name;
#include "fixes/fix-list.h"
#undef FIX

const struct fix *const fix_list[] = {
#define FIX(name) &fix_##name,
#include "fixes/fix-list.h"
#undef FIX
        NULL,
};

const struct fix *fix_find(const char *id)
{
        for (const struct fix *const *f = fix_list; *f; f++)
                if (streq((*f)->id, id))
                        return *f;
        return NULL;
}

static bool clears(const struct fix *fix, const char *rule)
{
        for (const char *const *r = fix->clears; *r; r++)
                if (streq(*r, rule))
                        return true;
        return false;
}

/* It failed or is unknown, and was asked for. */
static bool is_wanted(const struct fix_context *context, const struct finding *f)
{
        return f->outcome >= OUTCOME_UNKNOWN &&
               (!context->only || context->only->n == 0 || strv_contains(context->only, f->rule));
}

const struct finding *fix_next_finding(const struct fix_context *context, size_t *at)
{
        const struct findings *l = context->findings;

        while (*at < l->n) {
                const struct finding *f = &l->v[(*at)++];

                if (is_wanted(context, f) && clears(context->fix, f->rule))
                        return f;
        }
        return NULL;
}

static const char *member(const struct facts *f, const char *list, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, key);

        return facts_str(f, path);
}

static bool is_about(const struct facts *f, const char *list, size_t i, const struct evidence *e)
{
        cleanup_free char *line = xasprintf("%s/%zu/line", list, i);

        return streq(member(f, list, i, "file"), e->file) &&
               (uint64_t)facts_int(f, line, 0) == e->line;
}

const char *fix_fact(const struct fix_context *context, const struct finding *finding,
                     const char *list, const char *subject, const char *key)
{
        const struct facts *f = context->facts;

        for (size_t i = 0; finding->n_evidence > 0 && i < facts_count(f, list); i++)
                if (is_about(f, list, i, &finding->evidence[0]) &&
                    streq(member(f, list, i, subject), finding->subject))
                        return member(f, list, i, key);
        return NULL;
}

void fix_leave(struct fix_context *context, const struct finding *finding, const char *remedy,
               const char *reason, ...)
{
        cleanup_free char *text = NULL;
        va_list ap;

        va_start(ap, reason);
        text = xvasprintf(reason, ap);
        va_end(ap);
        plan_leave(context->plan, context->fix->id, finding->rule, finding->subject, text, remedy);
}

/* What it would do is not known before it is allowed to. */
static void leave_unconfirmed(struct fix_context *context)
{
        cleanup_free char *remedy = xasprintf("Ask for it with --confirm %s.", context->fix->id);
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(context, &at)))
                fix_leave(context, f, remedy, "the fix \"%s\" wants to be asked for by name",
                          context->fix->title);
}

/* What no fix is for: a person has to do it, or to find out. */
static void leave_the_rest(const struct fix_context *context)
{
        const struct findings *l = context->findings;

        for (size_t i = 0; i < l->n; i++) {
                const struct finding *f = &l->v[i];
                const struct fix *const *fix = fix_list;

                while (*fix && !clears(*fix, f->rule))
                        fix++;
                if (*fix || f->severity == SEVERITY_INFO || !is_wanted(context, f))
                        continue;
                plan_leave(context->plan, NULL, f->rule, f->subject,
                           f->outcome == OUTCOME_UNKNOWN && f->message
                                   ? f->message
                                   : "there is no fix for this; it needs a person",
                           f->fix);
        }
}

void fix_plan_all(const struct fix_options *options, const struct blkids *blkids,
                  const struct facts *facts, const struct findings *findings, struct plan *plan)
{
        struct fix_context context = {
                .volume = plan_volume(plan),
                .blkids = blkids,
                .facts = facts,
                .findings = findings,
                .plan = plan,
                .only = options->only,
                .may_run = options->may_run,
        };

        for (const struct fix *const *f = fix_list; *f; f++) {
                size_t at = 0;

                context.fix = *f;
                if (!fix_next_finding(&context, &at))
                        continue;
                if ((*f)->confirm &&
                    !(options->confirm && strv_contains(options->confirm, (*f)->id)))
                        leave_unconfirmed(&context);
                else
                        (*f)->plan(&context);
        }
        leave_the_rest(&context);
}
