/*
 * The name of the network card. Where the configuration is for eth0 the kernel is told to keep that
 * name: the least change, and on Xen the card is called eth0 either way. Another name that is
 * configured would have to be configured a second time: a person does that.
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enhanced-networking-ena.html
 */
#include <fnmatch.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"

#define KERNEL_NAME "eth0"

static bool is_configured(const struct facts *f, const char *name)
{
        static const char list[] = "/network/configured";

        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *path = xasprintf("%s/%zu/name", list, i);
                const char *pattern = facts_str(f, path);

                if (pattern && fnmatch(pattern, name, 0) == 0)
                        return true;
        }
        return false;
}

static void plan_name(struct fix_context *c)
{
        static const struct paramedit edits[] = {
                { .name = "net.ifnames", .value = "0", .add = true },
                { .name = "biosdevname", .value = "0", .add = true },
        };
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        bool clone = streq(facts_str(c->facts, "/move/mode"), "clone");
        const char *naming =
                facts_str(c->facts, clone ? "/network/copy/naming" : "/network/naming");
        const char *why =
                facts_str(c->facts, clone ? "/network/copy/naming_text" : "/network/naming_text");

        while ((f = fix_next_finding(c, &at))) {
                int r;

                if (f->outcome != OUTCOME_FAIL) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (!streq(naming, "predictable")) {
                        fix_leave(c, f, f->fix,
                                  "the name does not depend on the kernel's command line (%s)",
                                  why ? why : "why is not known");
                        continue;
                }
                if (!is_configured(c->facts, KERNEL_NAME)) {
                        fix_leave(c, f, f->fix,
                                  "the configuration is not for " KERNEL_NAME
                                  ", the one name that the card can keep");
                        continue;
                }
                r = cmdline_plan(c, c->fix->clears, edits, ARRAY_SIZE(edits), &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix,
                                  "the command lines are written in a way that is not edited");
        }
}

const struct fix fix_net_predictable_rename = {
        .id = "net-predictable-rename",
        .title = "let the network card keep the name " KERNEL_NAME,
        .clears = FIX_CLEARS("net-predictable-rename"),
        .plan = plan_name,
};
