/*
 * Words of the kernel command line that are well on Xen and may not be on Nitro, beside root= and
 * resume=: what switches off parts of the platform, how long the root disk is waited for, the disk
 * that a kernel in FIPS mode looks for, and a network that is needed before the root is there.
 *
 *   pci=, acpi=, noapic, nolapic: https://docs.kernel.org/admin-guide/kernel-parameters.html
 *   rd.retry=, rd.timeout=: https://man7.org/linux/man-pages/man7/dracut.cmdline.7.html
 *   boot= with fips=1: https://github.com/dracutdevs/dracut/tree/master/modules.d/01fips
 *   netroot=, rd.neednet=: dracut.cmdline(7); nfsroot=, boot=nfs: initramfs-tools(7)
 */
#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/devref.h"
#include "probe/probe.h"

/* ---- parts of the platform ------------------------------------------------------------------- */

static const struct {
        const char *name, *word; /* word NULL: the parameter has no value */
        const char *kind;
} platform_words[] = {
        { "pci", "off", "no-pci" },         { "pci", "nomsi", "no-msi" },
        { "nolapic", NULL, "no-msi" },      { "disableapic", NULL, "no-msi" },
        { "acpi", "off", "no-acpi" },       { "acpi", "noirq", "no-acpi-irq" },
        { "pci", "noacpi", "no-acpi-irq" }, { "noapic", NULL, "no-ioapic" },
};

static void publish_word(struct facts *f, const char *name, const char *word, const char *kind)
{
        cleanup_free char *path =
                xasprintf("/cmdline/platform/%zu", facts_count(f, "/cmdline/platform"));
        cleanup_free char *text = word ? xasprintf("%s=%s", name, word) : xstrdup(name);

        bootparam_set_evidence(f, path);
        facts_set_str(f, text, "%s/word", path);
        facts_set_str(f, name, "%s/name", path);
        facts_set_str(f, word, "%s/value", path);
        facts_set_str(f, kind, "%s/kind", path);
}

/* pci= is a list; of acpi= the first letters decide, and none has one behind a comma. */
static void look_at_platform(struct facts *f, const char *name, const char *value)
{
        cleanup_free char *copy = xstrdup(value ? value : "");
        char *at = copy, *word;

        while ((word = strsep(&at, ",")))
                for (size_t i = 0; i < ARRAY_SIZE(platform_words); i++)
                        if (bootparam_is(name, platform_words[i].name) &&
                            (!platform_words[i].word || streq(word, platform_words[i].word)))
                                publish_word(f, platform_words[i].name, platform_words[i].word,
                                             platform_words[i].kind);
}

/* ---- waiting for the root disk --------------------------------------------------------------- */

static const char *const waits[] = { "rd.retry", "rd.timeout", "rootwait" };

/* The last of a name counts; rd.timeout=0 is for ever, and rootwait without a number, too. */
static void look_at_waits(struct facts *f)
{
        facts_set_array(f, "/cmdline/waits");
        for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
                const char *value = bootparam_last(f, waits[i]);
                cleanup_free char *path =
                        xasprintf("/cmdline/waits/%zu", facts_count(f, "/cmdline/waits"));
                uint64_t seconds;

                if (!value || str_to_u64(span_of(value), &seconds) < 0 || seconds > INT32_MAX)
                        continue;
                bootparam_set_evidence(f, path);
                facts_set_str(f, waits[i], "%s/name", path);
                facts_set_str(f, value, "%s/value", path);
                if (seconds == 0 && streq(waits[i], "rd.timeout"))
                        facts_set_null(f, "%s/seconds", path);
                else
                        facts_set_int(f, (int64_t)seconds, "%s/seconds", path);
        }
}

/* ---- FIPS ------------------------------------------------------------------------------------ */

/* UUID= by which fstab mounts /boot; or NULL. Borrowed. */
static const char *boot_of_fstab(const struct facts *f)
{
        for (size_t i = 0; i < facts_count(f, "/fstab/entries"); i++) {
                cleanup_free char *target = xasprintf("/fstab/entries/%zu/target", i);
                cleanup_free char *source = xasprintf("/fstab/entries/%zu/source", i);

                if (streq(facts_str(f, target), "/boot") && facts_str(f, source) &&
                    str_startswith(facts_str(f, source), "UUID="))
                        return facts_str(f, source);
        }
        return NULL;
}

static void look_at_fips(struct probe_context *context)
{
        const char *fips = bootparam_last(context->facts, "fips");
        const char *boot = bootparam_last(context->facts, "boot"), *fix;
        struct facts *f = context->facts;
        cleanup_free char *known = NULL;
        enum devname_kind kind;

        if (!fips || streq(fips, "0") || !boot) {
                facts_set_null(f, "/cmdline/fips");
                return;
        }
        kind = devref_classify(context->volume, boot);
        fix = boot_of_fstab(f);
        if (!fix)
                fix = known =
                        devref_fix(context->blkids, devref_find(context->blkids, boot, false));
        bootparam_set_evidence(f, "/cmdline/fips");
        facts_set_str(f, boot, "/cmdline/fips/value");
        facts_set_str(f, devname_kind_name(kind), "/cmdline/fips/kind");
        facts_set_str(f, devref_is_stable(kind) ? NULL : fix, "/cmdline/fips/fix_value");
}

/* ---- the network ----------------------------------------------------------------------------- */

/* root= of dracut that means a network; /dev/nfs is the kernel's own and of initramfs-tools. */
static const char *const network_roots[] = { "nfs:",  "nfs4:", "iscsi:",  "nbd:",
                                             "fcoe:", "cifs:", "/dev/nfs" };

static bool is_network_root(const char *name, const char *value)
{
        if (bootparam_is(name, "netroot") || bootparam_is(name, "nfsroot") ||
            (bootparam_is(name, "boot") && streq(value, "nfs")))
                return true;
        for (size_t i = 0; bootparam_is(name, "root") && value && i < ARRAY_SIZE(network_roots);
             i++)
                if (str_startswith(value, network_roots[i]))
                        return true;
        return false;
}

/* The first word that says so; a root there comes before a network that is only asked for. */
static void look_at_network(struct facts *f)
{
        const char *name, *value, *kind = NULL, *needed = bootparam_last(f, "rd.neednet");
        cleanup_free char *word = NULL;
        size_t at = 0;

        if (needed && !streq(needed, "0")) {
                kind = "asked";
                word = xasprintf("rd.neednet=%s", needed);
        }
        while (!streq(kind, "root") && bootparam_next(f, &at, &name, &value)) {
                if (!is_network_root(name, value))
                        continue;
                free(word);
                word = xasprintf("%s%s%s", name, value ? "=" : "", value ? value : "");
                kind = "root";
        }
        if (!kind) {
                facts_set_null(f, "/cmdline/network");
                return;
        }
        bootparam_set_evidence(f, "/cmdline/network");
        facts_set_str(f, word, "/cmdline/network/word");
        facts_set_str(f, kind, "/cmdline/network/kind");
}

/* ---------------------------------------------------------------------------------------------- */

static void run_params(struct probe_context *context)
{
        static const char *const paths[] = { "/cmdline/platform", "/cmdline/waits", "/cmdline/fips",
                                             "/cmdline/network" };
        struct facts *f = context->facts;
        const char *name, *value, *file;
        cleanup_free char *why = NULL;
        size_t at = 0;

        if (!bootparam_known(f, &why, &file)) {
                for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
                        facts_unknown(f, paths[i], file, "%s", why);
                return;
        }
        facts_set_array(f, "/cmdline/platform");
        while (bootparam_next(f, &at, &name, &value))
                look_at_platform(f, name, value);
        look_at_waits(f);
        look_at_fips(context);
        look_at_network(f);
}

static const struct fact_decl params_facts[] = {
        { "/cmdline/platform", FACT_ARRAY, "words that switch off parts of the platform" },
        { "/cmdline/platform/*/file", FACT_STRING, "where the command line is written" },
        { "/cmdline/platform/*/line", FACT_INT, "its line" },
        { "/cmdline/platform/*/text", FACT_STRING, "that line" },
        { "/cmdline/platform/*/word", FACT_STRING, "as pci=nomsi" },
        { "/cmdline/platform/*/name", FACT_STRING, "its parameter" },
        { "/cmdline/platform/*/value", FACT_STRING, "the word of the value; null: there is none" },
        { "/cmdline/platform/*/kind", FACT_STRING,
          "no-pci, no-msi, no-acpi, no-acpi-irq or no-ioapic" },
        { "/cmdline/waits", FACT_ARRAY, "how long the root disk is waited for, where it is said" },
        { "/cmdline/waits/*/file", FACT_STRING, "where the command line is written" },
        { "/cmdline/waits/*/line", FACT_INT, "its line" },
        { "/cmdline/waits/*/text", FACT_STRING, "that line" },
        { "/cmdline/waits/*/name", FACT_STRING, "rd.retry, rd.timeout or rootwait" },
        { "/cmdline/waits/*/value", FACT_STRING, "its value" },
        { "/cmdline/waits/*/seconds", FACT_INT, "the same as a number; null: for ever" },
        { "/cmdline/fips", FACT_OBJECT, "boot= for a kernel in FIPS mode, null: not both" },
        { "/cmdline/fips/file", FACT_STRING, "where the command line is written" },
        { "/cmdline/fips/line", FACT_INT, "its line" },
        { "/cmdline/fips/text", FACT_STRING, "that line" },
        { "/cmdline/fips/value", FACT_STRING, "what follows boot=" },
        { "/cmdline/fips/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },
        { "/cmdline/fips/fix_value", FACT_STRING, "what to write instead, null: not certain" },
        { "/cmdline/network", FACT_OBJECT, "a network before the root is there, null: not needed" },
        { "/cmdline/network/file", FACT_STRING, "where the command line is written" },
        { "/cmdline/network/line", FACT_INT, "its line" },
        { "/cmdline/network/text", FACT_STRING, "that line" },
        { "/cmdline/network/word", FACT_STRING, "as root=nfs:..., netroot=... or rd.neednet=1" },
        { "/cmdline/network/kind", FACT_STRING, "root: that is on it; asked: by rd.neednet" },
        {}
};

const struct probe probe_params = {
        .name = "params",
        .needs = PROBE_NEEDS("fstab", "boot"),
        .provides = params_facts,
        .run = run_params,
};
