/*
 * Words of the kernel command line that are well on Xen and not on Nitro: parts of the platform
 * that are switched off, a wait that is too short, a console that is gone, the disk that a kernel
 * in FIPS mode looks for. Edited in every entry and in the sources they are made from (cmdline.h).
 */
#include "base/xalloc.h"
#include "fixes/cmdline.h"

#define SERIAL "ttyS0,115200n8"

/* ---- pci=nomsi and its like ------------------------------------------------------------------ */

/* The list without that word; NULL: nothing is left of it. The caller frees it. */
static char *without(const char *list, const char *word)
{
        cleanup_free char *copy = xstrdup(list);
        cleanup_buf struct buf out = { 0 };
        char *at = copy, *one;

        while ((one = strsep(&at, ",")))
                if (!streq(one, word))
                        buf_printf(&out, "%s%s", out.len ? "," : "", one);
        return out.len ? buf_take(&out) : NULL;
}

/* Of every pci= that has the word only that word goes. */
static void take_out_of_list(struct fix_context *c, const struct finding *f, const char *name,
                             const char *word)
{
        static const char params[] = "/boot/entry/params";

        for (size_t i = 0; i < facts_count(c->facts, params); i++) {
                cleanup_free char *name_path = xasprintf("%s/%zu/name", params, i);
                cleanup_free char *value_path = xasprintf("%s/%zu/value", params, i);
                const char *value = facts_str(c->facts, value_path);
                cleanup_free char *rest = NULL;
                struct paramedit edit = { .name = name, .old = value };

                if (!value || !streq(facts_str(c->facts, name_path), name))
                        continue;
                rest = without(value, word);
                edit.value = rest;
                if (!streq(rest, value))
                        cmdline_plan_or_leave(c, f, &edit, 1);
        }
}

static void plan_platform(struct fix_context *c)
{
        static const char list[] = "/cmdline/platform";
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *name = fix_fact(c, f, list, "word", "name");
                const char *value = fix_fact(c, f, list, "word", "value");
                const struct paramedit edit = { .name = name };

                if (f->outcome != OUTCOME_FAIL || !name)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (value)
                        take_out_of_list(c, f, name, value);
                else
                        cmdline_plan_or_leave(c, f, &edit, 1);
        }
}

const struct fix fix_pci_msi_acpi_disabled = {
        .id = "pci-msi-acpi-disabled",
        .title = "let the kernel use PCI, MSI and ACPI",
        .clears = FIX_CLEARS("pci-msi-acpi-disabled"),
        .confirm = true,
        .plan = plan_platform,
};

/* ---- waiting for the root disk --------------------------------------------------------------- */

/* rootwait with a number waits that long, and without one for ever. */
static void plan_waits(struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const struct paramedit edit = {
                        .name = f->subject,
                        .old = fix_fact(c, f, "/cmdline/waits", "name", "value"),
                        .value = streq(f->subject, "rootwait") ? "60" : NULL,
                };

                if (f->outcome != OUTCOME_FAIL || !edit.old)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else
                        cmdline_plan_or_leave(c, f, &edit, 1);
        }
}

const struct fix fix_slow_root_appearance = {
        .id = "slow-root-appearance",
        .title = "give the root disk time to appear",
        .clears = FIX_CLEARS("slow-root-appearance"),
        .confirm = true,
        .plan = plan_waits,
};

/* ---- boot= in FIPS mode ---------------------------------------------------------------------- */

static void plan_fips(struct fix_context *c)
{
        const struct paramedit edit = {
                .name = "boot",
                .old = facts_str(c->facts, "/cmdline/fips/value"),
                .value = facts_str(c->facts, "/cmdline/fips/fix_value"),
        };
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (!edit.value)
                        fix_leave(c, f, f->fix,
                                  "which disk boot=%s is cannot be told for certain from here",
                                  edit.old);
                else
                        cmdline_plan_or_leave(c, f, &edit, 1);
        }
}

const struct fix fix_fips_boot_device = {
        .id = "fips-boot-device",
        .title = "name the file system of /boot by its UUID, for a kernel in FIPS mode",
        .clears = FIX_CLEARS("fips-boot-device"),
        .plan = plan_fips,
};

/* ---- consoles -------------------------------------------------------------------------------- */

static void plan_console(struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const struct paramedit edit = { .name = "console",
                                                .old = f->subject,
                                                .value = SERIAL };

                if (f->severity == SEVERITY_INFO)
                        continue;
                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else
                        cmdline_plan_or_leave(c, f, &edit, 1);
        }
}

const struct fix fix_console_hvc0 = {
        .id = "console-hvc0",
        .title = "let the kernel speak on the serial port, where Xen's terminal was all it had",
        .clears = FIX_CLEARS("console-hvc0"),
        .plan = plan_console,
};

/* The screen only where no console is named: else it would be added last, which is /dev/console. */
static void plan_serial(struct fix_context *c)
{
        static const struct paramedit edits[] = {
                { .name = "console", .old = "tty0", .value = "tty0", .add = true },
                { .name = "console", .value = SERIAL, .add = true, .beside = true },
        };
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };

                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (cmdline_plan(c, rules, edits, ARRAY_SIZE(edits), &err) < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
        }
}

const struct fix fix_console_serial_missing = {
        .id = "console-serial-missing",
        .title = "let the kernel speak on the serial port, too",
        .clears = FIX_CLEARS("console-serial-missing"),
        .confirm = true,
        .plan = plan_serial,
};
