#include "finding.h"

#include <errno.h>
#include <stdlib.h>

#include "base/xalloc.h"

static const char *const severity_names[_SEVERITY_MAX] = {
        [SEVERITY_INFO] = "info",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_BLOCKER] = "blocker",
};

static const char *const outcome_names[_OUTCOME_MAX] = {
        [OUTCOME_SKIPPED] = "skipped", [OUTCOME_NOT_APPLICABLE] = "not-applicable",
        [OUTCOME_PASS] = "pass",       [OUTCOME_UNKNOWN] = "unknown",
        [OUTCOME_FAIL] = "fail",       [OUTCOME_WAIVED] = "waived",
};

static const struct {
        const char *name;
        int exit_code;
} verdicts[_VERDICT_MAX] = {
        [VERDICT_READY] = { "ready", 0 },
        [VERDICT_NOT_READY] = { "not-ready", 1 },
        [VERDICT_UNDETERMINED] = { "undetermined", 3 },
};

const char *severity_name(enum severity s)
{
        return severity_names[s];
}

int severity_from_name(const char *name, enum severity *ret)
{
        for (enum severity s = 0; s < _SEVERITY_MAX; s++) {
                if (streq(severity_names[s], name)) {
                        *ret = s;
                        return 0;
                }
        }
        return -EINVAL;
}

const char *outcome_name(enum outcome o)
{
        return outcome_names[o];
}

const char *verdict_name(enum verdict v)
{
        return verdicts[v].name;
}

int verdict_exit_code(enum verdict v)
{
        return verdicts[v].exit_code;
}

struct finding *findings_add(struct findings *l, const char *rule, enum severity severity)
{
        struct finding *f = ARRAY_PUSH(&l->v, &l->n, &l->cap);

        f->rule = xstrdup(rule);
        f->severity = severity;
        return f;
}

void finding_add_evidence(struct finding *f, const char *file, uint64_t line, const char *text)
{
        struct evidence *e;

        for (size_t i = 0; i < f->n_evidence; i++)
                if (streq(f->evidence[i].file, file) && f->evidence[i].line == line)
                        return;
        e = ARRAY_PUSH(&f->evidence, &f->n_evidence, &f->cap_evidence);
        e->file = xstrdup(file);
        e->line = line;
        e->text = text ? xstrdup(text) : NULL;
}

/* Bigger is worse: what failed, then what could not be told, mere information, and the rest. */
static int badness(const struct finding *f)
{
        switch (f->outcome) {
        case OUTCOME_FAIL:
                return f->severity == SEVERITY_INFO ? 12 : 30 + (int)f->severity;
        case OUTCOME_UNKNOWN:
                return f->severity == SEVERITY_INFO ? 11 : 20 + (int)f->severity;
        default:
                return (int)f->outcome;
        }
}

void findings_sort(struct findings *l)
{
        /* Insertion sort: stable, and there are some dozens. */
        for (size_t i = 1; i < l->n; i++) {
                struct finding f = l->v[i];
                size_t j = i;

                for (; j > 0 && badness(&l->v[j - 1]) < badness(&f); j--)
                        l->v[j] = l->v[j - 1];
                l->v[j] = f;
        }
}

size_t findings_count(const struct findings *l, enum outcome outcome)
{
        size_t n = 0;

        for (enum severity s = 0; s < _SEVERITY_MAX; s++)
                n += findings_count_at(l, outcome, s);
        return n;
}

size_t findings_count_at(const struct findings *l, enum outcome outcome, enum severity severity)
{
        size_t n = 0;

        for (size_t i = 0; i < l->n; i++)
                n += l->v[i].outcome == outcome && l->v[i].severity == severity;
        return n;
}

enum verdict findings_verdict(const struct findings *l, bool strict)
{
        enum severity threshold = strict ? SEVERITY_WARNING : SEVERITY_BLOCKER;
        enum verdict verdict = VERDICT_READY;

        for (size_t i = 0; i < l->n; i++) {
                const struct finding *f = &l->v[i];

                if (f->severity < threshold)
                        continue;
                if (f->outcome == OUTCOME_FAIL)
                        return VERDICT_NOT_READY;
                if (f->outcome == OUTCOME_UNKNOWN || f->outcome == OUTCOME_SKIPPED)
                        verdict = VERDICT_UNDETERMINED;
        }
        return verdict;
}

void findings_done(struct findings *l)
{
        for (size_t i = 0; i < l->n; i++) {
                struct finding *f = &l->v[i];

                free(f->rule);
                free(f->subject);
                free(f->title);
                free(f->message);
                free(f->consequence);
                free(f->fix);
                for (size_t j = 0; j < f->n_evidence; j++) {
                        free(f->evidence[j].file);
                        free(f->evidence[j].text);
                }
                free(f->evidence);
                strv_done(&f->links);
                free(f->waiver_reason);
                free(f->waiver_owner);
                free(f->waiver_expires);
        }
        free(l->v);
        *l = (struct findings){ 0 };
}
