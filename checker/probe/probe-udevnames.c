/*
 * Rules of udev that the administrator wrote for disks of Xen: by their names, their driver or
 * their bus. What they did is not done on Nitro. Files of amazon-ec2-utils are no news: that
 * package has its rules for NVMe beside them.
 */
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/udevrule.h"
#include "probe/probe.h"

#define DIR  "/etc/udev/rules.d"
#define LIST "/mentions/udev"

/* Keys that tell a disk of Xen, and how their values begin. */
static const struct {
        const char *key, *begin;
} signs[] = {
        { "KERNEL", "xvd" },       { "KERNELS", "xvd" },           { "DRIVER", "vbd" },
        { "DRIVERS", "vbd" },      { "SUBSYSTEM", "xen" },         { "SUBSYSTEMS", "xen" },
        { "ENV{ID_PATH}", "xen" }, { "ENV{DEVNAME}", "/dev/xvd" },
};

/* One alternative of "a*|b*" begins so. */
static bool any_begins(const char *value, const char *begin)
{
        for (const char *p = value; p; p = strchr(p, '|')) {
                p += *p == '|';
                if (str_startswith(p, begin))
                        return true;
        }
        return false;
}

/* The pair that asks for a disk of Xen, or that sends all others past the rules that follow. */
static const struct udevrule_pair *find_sign(const struct udevrule *r)
{
        bool jumps = udevrule_find(r, "GOTO");

        for (size_t i = 0; i < r->n; i++) {
                const struct udevrule_pair *p = &r->v[i];

                if (!streq(p->op, "==") && !(jumps && streq(p->op, "!=")))
                        continue;
                for (size_t k = 0; k < ARRAY_SIZE(signs); k++)
                        if (streq(p->key, signs[k].key) && any_begins(p->value, signs[k].begin) &&
                            !any_begins(p->value, "nvme"))
                                return p;
        }
        return NULL;
}

static bool is_of_network(const struct udevrule *r)
{
        const struct udevrule_pair *subsystem = udevrule_find(r, "SUBSYSTEM");

        return subsystem && streq(subsystem->op, "==") && streq(subsystem->value, "net");
}

/* What is lost with the rule, the worst of it: "link", "access", "run", "setting" or "other". */
static const char *effect_of(const struct udevrule *r, const char **ret_value)
{
        static const struct {
                const char *pattern, *effect;
        } effects[] = {
                { "SYMLINK", "link" },    { "NAME", "link" },   { "OWNER", "access" },
                { "GROUP", "access" },    { "MODE", "access" }, { "RUN*", "run" },
                { "PROGRAM", "run" },     { "IMPORT*", "run" }, { "GOTO", "other" },
                { "ATTR{*}", "setting" },
        };

        for (size_t k = 0; k < ARRAY_SIZE(effects); k++)
                for (size_t i = 0; i < r->n; i++) {
                        const struct udevrule_pair *p = &r->v[i];
                        bool asks = streq(p->op, "==") || streq(p->op, "!=");

                        if ((!asks || streq(p->key, "PROGRAM")) &&
                            fnmatch(effects[k].pattern, p->key, 0) == 0) {
                                *ret_value = p->value;
                                return effects[k].effect;
                        }
                }
        *ret_value = NULL;
        return "other";
}

static bool knows_nvme(const struct udevrules *rules)
{
        for (size_t i = 0; i < rules->n; i++)
                for (size_t k = 0; k < rules->v[i].n; k++)
                        if (strstr(rules->v[i].v[k].value, "nvme") ||
                            strstr(rules->v[i].v[k].value, "Amazon Elastic Block Store"))
                                return true;
        return false;
}

static void publish(struct facts *f, const char *file, const struct udevrule *r,
                    const struct udevrule_pair *sign, bool nvme)
{
        const char *value, *effect = effect_of(r, &value);
        char path[64];

        snprintf(path, sizeof(path), LIST "/%zu", facts_count(f, LIST));
        facts_set_evidence(f, path, file, r->line, r->text);
        facts_set_str(f, sign->key, "%s/key", path);
        facts_set_str(f, sign->value, "%s/value", path);
        facts_set_str(f, effect, "%s/effect", path);
        facts_set_str(f, value, "%s/effect_value", path);
        facts_set_bool(f, nvme, "%s/knows_nvme", path);
}

static void look_at_file(struct probe_context *context, const char *path)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_read(context->volume, path, UDEVRULE_MAX, &blob, &err);

        if (r > 0)
                r = udevrules_parse(blob_span(&blob), &rules, &err);
        if (r < 0)
                facts_unknown(context->facts, LIST, path, "%s", err.text);
        for (size_t i = 0; i < rules.n; i++) {
                const struct udevrule_pair *sign = find_sign(&rules.v[i]);

                if (sign && !rules.v[i].malformed && !is_of_network(&rules.v[i]))
                        publish(context->facts, path, &rules.v[i], sign, knows_nvme(&rules));
        }
}

static void run_udevnames(struct probe_context *context)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        facts_set_array(context->facts, LIST);
        if (volume_list(context->volume, DIR, &names, &err) < 0)
                facts_unknown(context->facts, LIST, DIR, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf(DIR "/%s", names.v[i]), *target = NULL;

                if (fnmatch("*.rules", names.v[i], 0) != 0 ||
                    fnmatch("[0-9][0-9]-ec2-*", names.v[i], 0) == 0 ||
                    (volume_readlink(context->volume, path, &target, NULL) > 0 &&
                     streq(target, "/dev/null")))
                        continue;
                look_at_file(context, path);
        }
}

static const struct fact_decl udevnames_facts[] = {
        { LIST, FACT_ARRAY, "rules of udev in " DIR " for disks of Xen" },
        { LIST "/*/file", FACT_STRING, "the rules file" },
        { LIST "/*/line", FACT_INT, "its line" },
        { LIST "/*/text", FACT_STRING, "that line" },
        { LIST "/*/key", FACT_STRING, "what tells a disk of Xen there: KERNEL, DRIVERS ..." },
        { LIST "/*/value", FACT_STRING, "the value it asks for" },
        { LIST "/*/effect", FACT_STRING, "link, access, run, setting or other" },
        { LIST "/*/effect_value", FACT_STRING, "the name of the link, the owner ..., or null" },
        { LIST "/*/knows_nvme", FACT_BOOL, "rules of the same file are for NVMe" },
        {}
};

const struct probe probe_udevnames = {
        .name = "udevnames",
        .provides = udevnames_facts,
        .run = run_udevnames,
};
