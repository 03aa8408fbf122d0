/* A rule file, and facts to judge by it: whatever is accepted says something, and says it in full.
 */
#include <assert.h>

#include "base/xalloc.h"
#include "rule/rule.h"

static const char facts_text[] =
        "{\"schema\":\"xen2nitro/facts/1\",\"facts\":{\"s\":\"x\",\"n\":7,\"t\":true,\"z\":null,"
        "\"l\":[{\"s\":\"x\",\"file\":\"/f\",\"line\":1,\"text\":\"t\"},\"x\",null],\"e\":[]},"
        "\"unknown\":[{\"path\":\"/u\",\"reason\":\"why\",\"file\":null}],\"problems\":[]}";

static const struct fact_decl *find_decl(const char *path)
{
        static const struct fact_decl decls[] = {
                { "/s", FACT_STRING, "" },     { "/n", FACT_INT, "" },
                { "/t", FACT_BOOL, "" },       { "/l", FACT_ARRAY, "" },
                { "/l/*/s", FACT_STRING, "" }, { "/l/*/file", FACT_STRING, "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(decls); i++)
                if (streq(path, decls[i].path))
                        return &decls[i];
        return NULL;
}

static void judge(const struct rule *rule)
{
        cleanup_findings struct findings findings = { 0 };
        cleanup_facts struct facts *facts = NULL;
        struct err err = { 0 };

        assert(facts_load(span_of(facts_text), &facts, &err) == 0);
        facts_freeze(facts);
        rule_evaluate(rule, facts, &findings);
        assert(findings.n > 0);
        for (size_t i = 0; i < findings.n; i++) {
                assert(findings.v[i].message && *findings.v[i].title);
                assert(findings.v[i].severity <= rule->severity);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_strv struct strv mistakes = { 0 }, linted = { 0 };
        struct rule rule;

        rule_parse((struct span){ (const char *)data, len }, "t.json", NULL, &rule, &mistakes);
        if (mistakes.n == 0)
                judge(&rule);
        rule_done(&rule);
        /* The declarations only add mistakes. */
        rule_parse((struct span){ (const char *)data, len }, "t.json", find_decl, &rule, &linted);
        assert(linted.n >= mistakes.n);
        rule_done(&rule);
        return 0;
}
