/* Reading a rule file. Every check that can be made without facts is made here. */
#include "rule/rule.h"

#include "base/jsonx.h"
#include "base/xalloc.h"
#include "rule/template.h"

static const char *const rule_keys[] = {
        "id",   "area",     "severity", "title",   "applies", "not_applicable",
        "each", "where",    "subject",  "fail",    "unknown", "pass",
        "none", "evidence", "links",    "explain", "phase",   NULL,
};

static const char *const case_keys[] = {
        "if", "severity", "message", "consequence", "fix", NULL,
};

/* The member, or NULL, with a mistake when it is `required`. JSON null is no value of any key. */
static struct json_object *take(const struct place *at, struct json_object *object, const char *key,
                                bool required)
{
        struct place here = place_key(at, key);
        struct json_object *member = NULL;
        bool there = json_object_object_get_ex(object, key, &member);

        if (!member && (there || required))
                lint_mistake(&here, there ? "must not be null" : "is missing");
        return member;
}

/* A plain text that is not empty; "" after a mistake. */
static const char *take_text(const struct place *at, struct json_object *object, const char *key)
{
        struct place here = place_key(at, key);
        struct json_object *member = take(at, object, key, true);

        if (!member)
                return "";
        if (!json_object_is_type(member, json_type_string) || !*json_object_get_string(member)) {
                lint_mistake(&here, "must be a text");
                return "";
        }
        return json_object_get_string(member);
}

static struct json_object *take_template(const struct place *at, struct json_object *object,
                                         const char *key, bool required)
{
        struct place here = place_key(at, key);
        struct json_object *member = take(at, object, key, required);

        if (member)
                template_check(member, &here);
        return member;
}

static void take_condition(const struct place *at, struct json_object *object, const char *key,
                           bool required, struct expr *ret)
{
        struct place here = place_key(at, key);
        struct json_object *member = take(at, object, key, required);

        if (member)
                expr_parse(member, &here, ret);
}

/* Lower case words with hyphens between them. */
static const char *take_name(const struct place *at, struct json_object *object, const char *key)
{
        struct place here = place_key(at, key);
        const char *name = take_text(at, object, key);

        for (const char *p = name; *p; p++) {
                bool letter = (*p >= 'a' && *p <= 'z') || ascii_isdigit(*p);

                if (!letter && (*p != '-' || p == name || p[-1] == '-' || !p[1])) {
                        lint_mistake(&here, "must be lower case words with hyphens between them");
                        break;
                }
        }
        return name;
}

static enum severity take_severity(const struct place *at, struct json_object *object)
{
        struct place here = place_key(at, "severity");
        enum severity severity = SEVERITY_BLOCKER;
        const char *name = take_text(at, object, "severity");

        if (*name && severity_from_name(name, &severity) < 0)
                lint_mistake(&here, "must be blocker, warning or info");
        return severity;
}

/* A list of texts; only well-typed elements get into the result. */
static void take_list(const struct place *at, struct json_object *object, const char *key,
                      bool required, struct strv *ret)
{
        struct place here = place_key(at, key);
        struct json_object *member = take(at, object, key, required);

        if (!member)
                return;
        if (!json_object_is_type(member, json_type_array) ||
            json_object_array_length(member) == 0) {
                lint_mistake(&here, "must be a list of texts");
                return;
        }
        for (size_t i = 0; i < json_object_array_length(member); i++) {
                struct json_object *text = json_object_array_get_idx(member, i);
                struct place element = place_index(&here, i);

                if (json_object_is_type(text, json_type_string) && *json_object_get_string(text))
                        strv_push(ret, json_object_get_string(text));
                else
                        lint_mistake(&element, "must be a text");
        }
}

static void parse_case(const struct place *at, struct json_object *json, const struct rule *rule,
                       enum outcome outcome)
{
        struct rule_program *program = rule->program;
        struct rule_case *c;
        struct place severity = place_key(at, "severity");

        if (!json_object_is_type(json, json_type_object)) {
                lint_mistake(at, "must be an object");
                return;
        }
        lint_keys(at, json, case_keys);
        c = ARRAY_PUSH(&program->cases, &program->n, &program->cap);
        c->outcome = outcome;
        c->severity = rule->severity;
        if (json_object_object_get_ex(json, "severity", NULL))
                c->severity = take_severity(at, json);
        if (c->severity > rule->severity)
                lint_mistake(&severity, "is worse than the rule's own");
        take_condition(at, json, "if", true, &c->condition);
        c->message = take_template(at, json, "message", true);
        c->consequence = take_template(at, json, "consequence", false);
        c->fix = take_template(at, json, "fix", false);
}

static void parse_cases(const struct place *at, const struct rule *rule, const char *key,
                        enum outcome outcome)
{
        struct place here = place_key(at, key);
        struct json_object *list = take(at, rule->program->json, key, false);

        if (!list)
                return;
        if (!json_object_is_type(list, json_type_array) || json_object_array_length(list) == 0) {
                lint_mistake(&here, "must be a list of cases");
                return;
        }
        for (size_t i = 0; i < json_object_array_length(list); i++) {
                struct place element = place_index(&here, i);

                parse_case(&element, json_object_array_get_idx(list, i), rule, outcome);
        }
}

/* `key` must be there exactly when `other` is. */
static void check_pair(const struct place *at, struct json_object *json, const char *key,
                       const char *other)
{
        bool has = json_object_object_get_ex(json, key, NULL);
        struct place here = place_key(at, key);

        if (has != json_object_object_get_ex(json, other, NULL))
                lint_mistake(&here, has ? "needs \"%s\"" : "is missing, there is \"%s\"", other);
}

/* What is looked at after the move says itself to which machines it applies. */
static void parse_phase(const struct place *at, struct rule *rule)
{
        struct place here = place_key(at, "phase");
        const char *phase;

        if (!json_object_object_get_ex(rule->program->json, "phase", NULL))
                return;
        phase = take_text(at, rule->program->json, "phase");
        rule->after = streq(phase, "after");
        if (*phase && !rule->after && !streq(phase, "before"))
                lint_mistake(&here, "must be before or after");
        if (rule->after && !json_object_object_get_ex(rule->program->json, "applies", NULL))
                lint_mistake(&here, "after needs \"applies\"");
}

static void parse_head(const struct place *at, struct rule *rule)
{
        struct rule_program *program = rule->program;
        const char *slash = strrchr(at->lint->file, '/');
        struct place id = place_key(at, "id");
        cleanup_free char *name = NULL;

        lint_keys(at, program->json, rule_keys);
        rule->id = take_name(at, program->json, "id");
        name = xasprintf("%s.json", rule->id);
        if (*rule->id && !streq(name, slash ? slash + 1 : at->lint->file))
                lint_mistake(&id, "\"%s\" is not the name of the file", rule->id);
        rule->area = take_name(at, program->json, "area");
        rule->severity = take_severity(at, program->json);
        rule->title = take_text(at, program->json, "title");
        parse_phase(at, rule);
}

static void parse_prose(const struct place *at, struct rule *rule)
{
        cleanup_strv struct strv paragraphs = { 0 };
        struct place links = place_key(at, "links");
        struct buf explain = { 0 };

        take_list(at, rule->program->json, "explain", true, &paragraphs);
        for (size_t i = 0; i < paragraphs.n; i++)
                buf_printf(&explain, "%s%s", i ? "\n\n" : "", paragraphs.v[i]);
        rule->explain = rule->program->explain = buf_take(&explain);
        take_list(at, rule->program->json, "links", false, &rule->links);
        for (size_t i = 0; i < rule->links.n; i++)
                if (!str_startswith(rule->links.v[i], "https://"))
                        lint_mistake(&links, "\"%s\" is not an https link", rule->links.v[i]);
}

/* What concerns all elements is read before `each`, which gives relative paths their meaning. */
static void parse_whole(const struct place *at, struct lint *lint, struct rule_program *program)
{
        struct place each = place_key(at, "each"), where = place_key(at, "where");
        struct json_object *json = program->json;
        bool good;

        check_pair(at, json, "not_applicable", "applies");
        take_condition(at, json, "applies", false, &program->applies);
        program->not_applicable = take_template(at, json, "not_applicable", false);
        check_pair(at, json, "none", "each");
        program->none = take_template(at, json, "none", false);
        if (json_object_object_get_ex(json, "each", NULL)) {
                program->each = take_text(at, json, "each");
                good = *program->each && lint_path(&each, program->each, LINT_TYPE(FACT_ARRAY));
                lint->each = good ? program->each : "";
        } else if (json_object_object_get_ex(json, "where", NULL)) {
                lint_mistake(&where, "needs \"each\"");
        }
}

static void parse_subject(const struct place *at, struct rule *rule)
{
        struct rule_program *program = rule->program;
        struct place cases = place_key(at, "fail"), evidence = place_key(at, "evidence");

        take_condition(at, program->json, "where", false, &program->where);
        program->subject = take_template(at, program->json, "subject", false);
        parse_cases(at, rule, "fail", OUTCOME_FAIL);
        parse_cases(at, rule, "unknown", OUTCOME_UNKNOWN);
        if (!json_object_object_get_ex(program->json, "fail", NULL) &&
            !json_object_object_get_ex(program->json, "unknown", NULL))
                lint_mistake(&cases, "is missing, and so is \"unknown\"");
        program->pass = take_template(at, program->json, "pass", true);
        take_list(at, program->json, "evidence", false, &program->evidence);
        for (size_t i = 0; i < program->evidence.n; i++) {
                struct place here = place_index(&evidence, i);

                lint_evidence(&here, program->evidence.v[i]);
        }
}

static void parse_rule(const struct place *at, struct lint *lint, struct rule *rule)
{
        parse_head(at, rule);
        parse_whole(at, lint, rule->program);
        parse_subject(at, rule);
        parse_prose(at, rule);
}

void rule_parse(struct span text, const char *file, fact_find_fn *find_decl, struct rule *ret,
                struct strv *mistakes)
{
        struct rule_program *program = xcalloc(1, sizeof(*program));
        struct lint lint = { file, find_decl, NULL, mistakes };
        struct place at = { &lint, NULL, NULL, 0 };
        struct err err = { 0 };

        *ret = (struct rule){ .program = program };
        ret->origin = program->origin = xstrdup(file);
        if (text.len > RULE_FILE_MAX)
                lint_mistake(&at, "is larger than %u bytes", RULE_FILE_MAX);
        else if (jsonx_parse(text, &program->json, &err) < 0)
                lint_mistake(&at, "%s", err.text);
        else if (!json_object_is_type(program->json, json_type_object))
                lint_mistake(&at, "is not a JSON object");
        else
                parse_rule(&at, &lint, ret);
}

void rule_done(struct rule *rule)
{
        struct rule_program *program = rule->program;

        for (size_t i = 0; i < program->n; i++)
                expr_done(&program->cases[i].condition);
        free(program->cases);
        expr_done(&program->applies);
        expr_done(&program->where);
        strv_done(&program->evidence);
        strv_done(&rule->links);
        free(program->explain);
        free(program->origin);
        json_object_put(program->json);
        free(program);
        *rule = (struct rule){ 0 };
}
