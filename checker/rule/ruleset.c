/* Sets of rules: where they come from, which one wins, and asking all of them. */
#include "rule/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "base/fdio.h"
#include "base/xalloc.h"
#include "rule/rule.h"

struct ruleset {
        struct rule *v;
        size_t n, cap;
};

struct loader {
        struct ruleset *set;
        fact_find_fn *find_decl;
        struct strv *mistakes;
};

static void report_mistake(struct loader *l, const char *file, const char *text)
{
        strv_push_take(l->mistakes, xasprintf("%s: %s", file, text));
}

/* The rule of that id, or a new place at the end; NULL when there is no room. */
static struct rule *find_place(struct ruleset *set, const char *id)
{
        for (size_t i = 0; i < set->n; i++)
                if (streq(set->v[i].id, id)) {
                        rule_done(&set->v[i]);
                        return &set->v[i];
                }
        return set->n < RULESET_MAX ? ARRAY_PUSH(&set->v, &set->n, &set->cap) : NULL;
}

static void add_rule(struct loader *l, const char *file, struct span text)
{
        size_t before = l->mistakes->n;
        struct rule rule, *place = NULL;

        rule_parse(text, file, l->find_decl, &rule, l->mistakes);
        if (l->mistakes->n == before) {
                place = find_place(l->set, rule.id);
                if (!place)
                        report_mistake(l, file, "too many rules");
        }
        if (place)
                *place = rule;
        else
                rule_done(&rule);
}

static void add_builtin(struct loader *l)
{
        for (const struct asset *a = asset_list; a->name; a++)
                if (str_startswith(a->name, "rules/"))
                        add_rule(l, a->name, asset_span(a));
}

/* Only a regular file: opening anything else may block or have effects. */
static int read_rule_file(const char *path, struct blob *ret)
{
        cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        return S_ISREG(st.st_mode) ? fd_read_all(fd, RULE_FILE_MAX, ret) : -EINVAL;
}

static void add_file(struct loader *l, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        int r = read_rule_file(path, &blob);

        if (r < 0)
                report_mistake(l, path, r == -EINVAL ? "is not a regular file" : strerror(-r));
        else
                add_rule(l, path, blob_span(&blob));
}

static int list_dir(const char *path, struct strv *names)
{
        DIR *dir = opendir(path);
        struct dirent *entry;

        if (!dir)
                return -errno;
        while ((entry = readdir(dir)) && names->n <= RULESET_MAX)
                if (str_endswith(entry->d_name, ".json") && entry->d_name[0] != '.')
                        strv_push(names, entry->d_name);
        closedir(dir);
        strv_sort(names);
        return names->n > RULESET_MAX ? -EFBIG : 0;
}

static void add_dir(struct loader *l, const char *path, bool optional)
{
        cleanup_strv struct strv names = { 0 };
        int r = list_dir(path, &names);

        if (r == -ENOENT && optional)
                return;
        if (r < 0)
                report_mistake(l, path, r == -EFBIG ? "too many rules" : strerror(-r));
        for (size_t i = 0; r == 0 && i < names.n; i++) {
                cleanup_free char *file = xasprintf("%s/%s", path, names.v[i]);

                add_file(l, file);
        }
}

static int compare_rules(const void *a, const void *b)
{
        const struct rule *left = a, *right = b;
        int r = strcmp(left->area, right->area);

        return r ? r : strcmp(left->id, right->id);
}

static struct ruleset *load_all(const char *local, const struct strv *dirs, fact_find_fn *find_decl,
                                struct strv *mistakes)
{
        struct ruleset *set = xcalloc(1, sizeof(*set));
        struct loader l = { set, find_decl, mistakes };

        add_builtin(&l);
        if (local)
                add_dir(&l, local, true);
        for (size_t i = 0; dirs && i < dirs->n; i++)
                add_dir(&l, dirs->v[i], false);
        if (set->n > 1)
                qsort(set->v, set->n, sizeof(*set->v), compare_rules);
        return set;
}

int ruleset_load(const char *local, const struct strv *dirs, struct ruleset **ret, struct err *err)
{
        cleanup_strv struct strv mistakes = { 0 };
        cleanup_ruleset struct ruleset *set = load_all(local, dirs, NULL, &mistakes);

        if (mistakes.n == 1)
                return err_set(err, -EINVAL, "%s", mistakes.v[0]);
        if (mistakes.n > 1)
                return err_set(err, -EINVAL, "%s (and %zu more: xen2nitro rules lint)",
                               mistakes.v[0], mistakes.n - 1);
        *ret = TAKE_PTR(set);
        return 0;
}

size_t ruleset_lint(const char *local, const struct strv *dirs, fact_find_fn *find_decl,
                    struct strv *ret_mistakes)
{
        ruleset_free(load_all(local, dirs, find_decl, ret_mistakes));
        return ret_mistakes->n;
}

void ruleset_free(struct ruleset *set)
{
        if (!set)
                return;
        for (size_t i = 0; i < set->n; i++)
                rule_done(&set->v[i]);
        free(set->v);
        free(set);
}

size_t ruleset_count(const struct ruleset *set)
{
        return set->n;
}

const struct rule *ruleset_get(const struct ruleset *set, size_t i)
{
        return &set->v[i];
}

const struct rule *ruleset_find(const struct ruleset *set, const char *id)
{
        for (size_t i = 0; i < set->n; i++)
                if (streq(set->v[i].id, id))
                        return &set->v[i];
        return NULL;
}

static void add_skipped(const struct rule *rule, const char *option, struct findings *findings)
{
        struct finding *f = findings_add(findings, rule->id, rule->severity);

        f->outcome = OUTCOME_SKIPPED;
        f->title = xstrdup(rule->title);
        f->message = xasprintf("left out by %s", option);
}

void ruleset_evaluate(const struct ruleset *set, const struct facts *facts, const struct strv *only,
                      const struct strv *skip, struct findings *ret)
{
        for (size_t i = 0; i < set->n; i++) {
                const struct rule *rule = &set->v[i];

                if (skip && strv_contains(skip, rule->id))
                        add_skipped(rule, "--skip", ret);
                else if (only && only->n > 0 && !strv_contains(only, rule->id))
                        add_skipped(rule, "--only", ret);
                else
                        rule_evaluate(rule, facts, ret);
        }
        findings_sort(ret);
}
