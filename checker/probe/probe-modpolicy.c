/*
 * Whether the modules of the NVMe and ENA drivers may be loaded, where not every module may: SUSE's
 * modprobe refuses modules that SUSE does not support, and a kernel that is locked down those that
 * nobody signed whom it trusts.
 *
 *   allow_unsupported_modules: /etc/modprobe.d/10-unsupported-modules.conf, or /lib/modprobe.d
 * since SLES 15 SP4; a module says "supported=yes" or "external" of itself, or "no", or nothing
 *   module.sig_enforce, lockdown=: https://docs.kernel.org/admin-guide/module-signing.html
 *
 * A kernel takes the modules it came with; only others can be without a signature. ixgbevf, which
 * is of no use on Nitro, is looked for on the way.
 */
#include "base/xalloc.h"
#include "parse/modinfo.h"
#include "probe/bootparam.h"
#include "probe/directives.h"
#include "probe/modulefile.h"
#include "probe/probe.h"

#define ROOT      "/modpolicy"
#define SIGNATURE "~Module signature appended~\n"

struct policy {
        struct probe_context *context;
        struct facts *facts;
        const char *dir;      /* the modules of the kernel that starts next */
        bool refuses;         /* SUSE's modprobe */
        bool enforces;        /* the kernel */
        bool enforce_unknown; /* or its configuration is not known */
};

/* ---- SUSE ------------------------------------------------------------------------------------ */

static bool is_suse(const char *id)
{
        return id && (str_startswith(id, "sle") || str_startswith(id, "opensuse") ||
                      str_startswith(id, "suse"));
}

static bool is_refusal(const char *word)
{
        return streq(word, "0") || streq(word, "no");
}

/* The last line counts; without one everything is allowed. */
static void look_at_suse(struct policy *p, const struct directives *list)
{
        const struct directive *last = NULL;

        for (size_t i = 0; is_suse(facts_str(p->facts, "/os/id")) && i < list->n; i++)
                if (list->v[i].kind == KIND_ALLOW_UNSUPPORTED && list->v[i].where == WHERE_ROOT)
                        last = &list->v[i];
        p->refuses = last && is_refusal(last->name);
        if (!p->refuses) {
                facts_set_null(p->facts, ROOT "/unsupported");
                return;
        }
        facts_set_evidence(p->facts, ROOT "/unsupported", last->file, last->line,
                           span_of(last->text));
}

/* ---- signatures ------------------------------------------------------------------------------ */

static void set_enforced(struct policy *p, const char *by, const char *file, const char *text)
{
        p->enforces = true;
        if (file)
                facts_set_evidence(p->facts, ROOT "/enforced", file, 0, span_of(text));
        else
                bootparam_set_evidence(p->facts, ROOT "/enforced");
        facts_set_str(p->facts, by, ROOT "/enforced/by");
}

/* "module.sig_enforce" alone is yes, as every bool of the kernel. */
static const char *find_parameter(const struct facts *f)
{
        const char *lockdown = bootparam_last(f, "lockdown"), *name, *value, *found = NULL;
        size_t at = 0;

        while (bootparam_next(f, &at, &name, &value))
                if (bootparam_is(name, "module.sig_enforce"))
                        found = !value || strchr("1yY", *value) ? "module.sig_enforce" : NULL;
        if (streq(lockdown, "integrity") || streq(lockdown, "confidentiality"))
                return "lockdown";
        return found;
}

static void look_at_kernel(struct policy *p)
{
        static const struct {
                const char *fact, *text;
        } options[] = {
                { "/kconfig/sig_force", "CONFIG_MODULE_SIG_FORCE=y" },
                { "/kconfig/lockdown_integrity", "CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY=y" },
                { "/kconfig/lockdown_confidentiality",
                  "CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY=y" },
        };
        const char *config = facts_str(p->facts, "/kconfig/file");
        const char *parameter = find_parameter(p->facts), *file, *why;
        cleanup_free char *unknown = NULL;

        if (parameter) {
                set_enforced(p, parameter, NULL, NULL);
                return;
        }
        for (size_t i = 0; i < ARRAY_SIZE(options); i++)
                if (streq(facts_str(p->facts, options[i].fact), "y")) {
                        set_enforced(p, options[i].text, config, options[i].text);
                        return;
                }
        if (!bootparam_known(p->facts, &unknown, &file)) {
                facts_unknown(p->facts, ROOT "/enforced", file, "%s", unknown);
        } else if (!config) {
                why = facts_why_unknown(p->facts, "/kconfig", &file);
                facts_unknown(p->facts, ROOT "/enforced", why ? file : NULL, "%s",
                              why ? why : "the configuration of the kernel is not known");
        } else {
                facts_set_null(p->facts, ROOT "/enforced");
                return;
        }
        p->enforce_unknown = true;
}

/* ---- the modules ----------------------------------------------------------------------------- */

static bool is_own(const struct policy *p, const char *path)
{
        cleanup_free char *front = xasprintf("%s/kernel/", p->dir);

        return str_startswith(path, front);
}

static void publish_module(struct policy *p, const char *node, const char *path)
{
        cleanup_buf struct buf file = { 0 };
        struct span info, value = SPAN("");
        struct err err = { 0 };
        size_t n = strlen(SIGNATURE);
        int r = modulefile_read(p->context->volume, path, &file, &err);

        if (r > 0 && modinfo_section(buf_span(&file), ".modinfo", &info, &err) < 0)
                r = -1;
        if (r <= 0) {
                facts_unknown(p->facts, node, path, "%s", r < 0 ? err.text : "it is not there");
                return;
        }
        if (modinfo_find(info, "supported", &value))
                facts_set_span(p->facts, value, "%s/supported", node);
        else
                facts_set_null(p->facts, "%s/supported", node);
        facts_set_bool(p->facts,
                       file.len >= n && memcmp(file.data + file.len - n, SIGNATURE, n) == 0,
                       "%s/signed", node);
}

/* Read only where something hangs on it. */
static void look_at_driver(struct policy *p, const char *driver)
{
        cleanup_free char *list = xasprintf("/drivers/%s/modules", driver);

        for (size_t i = 0; i < facts_count(p->facts, list); i++) {
                cleanup_free char *from = xasprintf("%s/%zu/path", list, i);
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);
                cleanup_free char *node =
                        xasprintf(ROOT "/modules/%zu", facts_count(p->facts, ROOT "/modules"));
                const char *path = facts_str(p->facts, from);
                bool own = path && is_own(p, path);

                if (!path || (!p->refuses && (own || (!p->enforces && !p->enforce_unknown))))
                        continue;
                facts_set_evidence(p->facts, node, path, 0, span_of("the module"));
                facts_set_str(p->facts, driver, "%s/driver", node);
                facts_set_str(p->facts, facts_str(p->facts, name), "%s/name", node);
                facts_set_bool(p->facts, own, "%s/own", node);
                publish_module(p, node, path);
        }
}

/* ---- ixgbevf --------------------------------------------------------------------------------- */

static void add_leftover(struct policy *p, const char *what, const char *file, size_t line,
                         const char *text)
{
        cleanup_free char *node =
                xasprintf(ROOT "/ixgbevf/%zu", facts_count(p->facts, ROOT "/ixgbevf"));

        facts_set_evidence(p->facts, node, file, line, span_of(text));
        facts_set_str(p->facts, what, "%s/what", node);
}

static void look_at_ixgbevf(struct policy *p, const struct directives *list)
{
        static const char dkms[] = "/var/lib/dkms/ixgbevf";
        struct stat st;

        facts_set_array(p->facts, ROOT "/ixgbevf");
        for (size_t i = 0; i < list->n; i++)
                if (list->v[i].kind == KIND_OPTIONS && list->v[i].where == WHERE_ROOT &&
                    streq(list->v[i].name, "ixgbevf"))
                        add_leftover(p, "options", list->v[i].file, list->v[i].line,
                                     list->v[i].text);
        if (volume_stat(p->context->volume, dkms, &st, NULL) > 0)
                add_leftover(p, "dkms", dkms, 0, "a driver that DKMS builds");
}

/* ---------------------------------------------------------------------------------------------- */

static void run_modpolicy(struct probe_context *context)
{
        static const char *const paths[] = { ROOT "/unsupported", ROOT "/ixgbevf", NULL };
        struct policy p = { .context = context,
                            .facts = context->facts,
                            .dir = facts_str(context->facts, "/drivers/dir") };
        cleanup_directives struct directives list = { 0 };

        directives_read(context, paths, &list);
        look_at_ixgbevf(&p, &list);
        look_at_suse(&p, &list);
        look_at_kernel(&p);
        if (!p.dir) {
                facts_unknown(p.facts, ROOT "/modules", NULL,
                              "which modules the kernel has is not known");
                return;
        }
        facts_set_array(p.facts, ROOT "/modules");
        look_at_driver(&p, "nvme");
        look_at_driver(&p, "ena");
}

static const struct fact_decl modpolicy_facts[] = {
        { ROOT "/unsupported", FACT_OBJECT,
          "line for which modprobe refuses modules that SUSE does not support, null: none" },
        { ROOT "/unsupported/file", FACT_STRING, "its file" },
        { ROOT "/unsupported/line", FACT_INT, "its number" },
        { ROOT "/unsupported/text", FACT_STRING, "the line" },
        { ROOT "/enforced", FACT_OBJECT, "why the kernel takes signed modules only, null: not" },
        { ROOT "/enforced/file", FACT_STRING, "where it is written" },
        { ROOT "/enforced/line", FACT_INT, "its line" },
        { ROOT "/enforced/text", FACT_STRING, "that line" },
        { ROOT "/enforced/by", FACT_STRING, "as module.sig_enforce, or an option of the kernel" },
        { ROOT "/modules", FACT_ARRAY, "modules of the NVMe and ENA drivers that may be refused" },
        { ROOT "/modules/*/file", FACT_STRING, "the module" },
        { ROOT "/modules/*/line", FACT_INT, "0" },
        { ROOT "/modules/*/text", FACT_STRING, "that it is one" },
        { ROOT "/modules/*/driver", FACT_STRING, "nvme or ena" },
        { ROOT "/modules/*/name", FACT_STRING, "its name" },
        { ROOT "/modules/*/own", FACT_BOOL, "the kernel came with it" },
        { ROOT "/modules/*/supported", FACT_STRING, "yes, external, no; null: it does not say" },
        { ROOT "/modules/*/signed", FACT_BOOL, "there is a signature at its end" },
        { ROOT "/ixgbevf", FACT_ARRAY, "settings for a network card that Nitro does not have" },
        { ROOT "/ixgbevf/*/file", FACT_STRING, "where it is" },
        { ROOT "/ixgbevf/*/line", FACT_INT, "its line" },
        { ROOT "/ixgbevf/*/text", FACT_STRING, "that line" },
        { ROOT "/ixgbevf/*/what", FACT_STRING, "options or dkms" },
        {}
};

const struct probe probe_modpolicy = {
        .name = "modpolicy",
        .needs = PROBE_NEEDS("os", "boot", "drivers", "initramfs", "kconfig"),
        .provides = modpolicy_facts,
        .run = run_modpolicy,
};
