/*
 * Lines that are for the MAC address of the machine that is copied become comments, in the copy:
 * rules of udev, HWADDR= and MACADDR= of ifcfg files, mac-address= of NetworkManager. Taken out of
 * netplan or of a [Match] section they would leave something that matches every card, or is no
 * YAML: a person does that.
 */
#include "base/xalloc.h"
#include "fixes/fix.h"
#include "fixes/modprobe.h"

#define MARK "# disabled by xen2nitro: "
#define LIST "/netown/macs"

/* Whether a line of this file stands for itself. */
static bool is_line_by_line(const char *file)
{
        return str_startswith(file, "/etc/udev/rules.d/") ||
               str_startswith(file, "/etc/sysconfig/network") ||
               str_startswith(file, "/etc/NetworkManager/");
}

static int comment_out(struct fix_context *c, const struct finding *f, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text, line;
        int r = plan_read(c->plan, f->evidence[0].file, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0 || !modprobe_find_line(text, &f->evidence[0], &line))
                return r < 0 ? r : 0;
        /* udev goes on with the next line behind a backslash, and a comment does not. */
        if (line.len > 0 && line.data[line.len - 1] == '\\')
                return 0;
        modprobe_replace_line(text, (struct span){ line.data, 0 }, SPAN(MARK), &after);
        r = plan_write(c->plan, &why, f->evidence[0].file, blob_span(&after), err);
        return r < 0 ? r : 1;
}

static void plan_macs(struct fix_context *c)
{
        bool clone = streq(facts_str(c->facts, "/move/mode"), "clone");
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                int r = 0;

                if (f->outcome != OUTCOME_FAIL) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (clone && is_line_by_line(f->evidence[0].file))
                        r = comment_out(c, f, &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix,
                                  clone ? "the line cannot go without something in its place"
                                        : "the line may be what keeps the name on Xen");
        }
}

const struct fix fix_net_mac_pinned_clone = {
        .id = "net-mac-pinned-clone",
        .title = "let the network card of a copy be any",
        .clears = FIX_CLEARS("net-mac-pinned-clone"),
        .plan = plan_macs,
};
