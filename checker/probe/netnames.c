#include "probe/netnames.h"

#include <stdio.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/udevrule.h"
#include "probe/bootparam.h"

#define RULES_DIR "/etc/udev/rules.d"
#define LINKS_DIR "/etc/systemd/network"

struct look {
        const struct probe_context *context;
        struct netnames *ret;
        bool decided;
};

static void decide(struct look *l, bool known, bool predictable, const char *file, char *why_take)
{
        cleanup_free char *why = why_take;

        if (l->decided)
                return;
        l->decided = true;
        l->ret->known = known;
        l->ret->predictable = predictable;
        l->ret->file = file ? xstrdup(file) : NULL;
        l->ret->why = TAKE_PTR(why);
}

static void unknown(struct look *l, const char *file, char *why_take)
{
        decide(l, false, false, file, why_take);
}

/* What cannot be looked at may be there: then the name is not known. */
static bool is_there(struct look *l, const char *path)
{
        struct err err = { 0 };
        struct stat st;
        int r = volume_stat(l->context->volume, path, &st, &err);

        if (r < 0)
                unknown(l, path, xstrdup(err.text));
        return r > 0;
}

static bool is_blank(struct span text)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                struct span s = line_strip(line.text);

                if (s.len > 0 && s.data[0] != '#' && s.data[0] != ';')
                        return false;
        }
        return true;
}

/*
 * The text of a file in one of udev's directories. 1, or 0: it is not there, or only masks a file
 * of the same name elsewhere (a link to /dev/null, nothing in it), or -1: decided, not readable.
 */
static int read_unmasked(struct look *l, const char *path, bool *ret_masks, struct blob *ret)
{
        cleanup_free char *target = NULL;
        struct err err = { 0 };
        int r = volume_readlink(l->context->volume, path, &target, &err);

        *ret_masks = false;
        if (r > 0 && streq(target, "/dev/null")) {
                *ret_masks = true;
                return 0;
        }
        if (r >= 0)
                r = volume_read(l->context->volume, path, UDEVRULE_MAX, ret, &err);
        if (r < 0) {
                unknown(l, path, xstrdup(err.text));
                return -1;
        }
        if (r > 0 && is_blank(blob_span(ret)))
                *ret_masks = true;
        return r > 0 && !*ret_masks;
}

/* ---- names given by the administrator ---- */

/* Whether a rule may name the card; a rule for other subsystems or other kernel names may not. */
static bool names_a_card(const struct udevrule *r)
{
        bool assigns = r->malformed && memmem(r->text.data, r->text.len, "NAME", 4);

        for (size_t i = 0; i < r->n; i++) {
                const struct udevrule_pair *p = &r->v[i];

                if (streq(p->key, "NAME") && (streq(p->op, "=") || streq(p->op, ":=")))
                        assigns = true;
                if (streq(p->op, "==") && streq(p->key, "SUBSYSTEM") &&
                    !udevrule_glob(p->value, "net"))
                        return false;
                if (streq(p->op, "==") && streq(p->key, "KERNEL") &&
                    !udevrule_glob(p->value, "eth0"))
                        return false;
        }
        return assigns;
}

static void look_at_rules_file(struct look *l, const char *path)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        bool masks;

        if (read_unmasked(l, path, &masks, &blob) <= 0)
                return;
        if (udevrules_parse(blob_span(&blob), &rules, &err) < 0) {
                unknown(l, path, xstrdup(err.text));
                return;
        }
        for (size_t i = 0; i < rules.n; i++)
                if (names_a_card(&rules.v[i])) {
                        unknown(l, path,
                                xasprintf("line %zu gives network cards names of its own; which "
                                          "one the card gets on Nitro is not understood",
                                          rules.v[i].line));
                        return;
                }
}

static void look_at_rules(struct look *l)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->context->volume, RULES_DIR, &names, &err) < 0)
                unknown(l, RULES_DIR, xstrdup(err.text));
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf(RULES_DIR "/%s", names.v[i]);

                if (str_endswith(names.v[i], ".rules"))
                        look_at_rules_file(l, path);
        }
}

static void look_at_link_file(struct look *l, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        bool masks;

        if (read_unmasked(l, path, &masks, &blob) > 0)
                unknown(l, path,
                        xstrdup("it may give network cards names of its own, which is not "
                                "understood"));
}

static void look_at_links(struct look *l)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->context->volume, LINKS_DIR, &names, &err) < 0)
                unknown(l, LINKS_DIR, xstrdup(err.text));
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf(LINKS_DIR "/%s", names.v[i]);
                cleanup_strv struct strv drop_ins = { 0 };

                if (str_endswith(names.v[i], ".link"))
                        look_at_link_file(l, path);
                if (!str_endswith(names.v[i], ".link.d"))
                        continue;
                if (volume_list(l->context->volume, path, &drop_ins, &err) < 0)
                        unknown(l, path, xstrdup(err.text));
                if (drop_ins.n > 0)
                        unknown(l, path,
                                xstrdup("its files may change how network cards are named, which "
                                        "is not understood"));
        }
}

/* ---- predictable names turned off in a file ---- */

static void look_at_mask(struct look *l, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        bool masks;

        if (read_unmasked(l, path, &masks, &blob) == 0 && masks)
                decide(l, true, false, path, xasprintf("%s turns predictable names off", path));
}

static bool is_in_vendor_dir(struct look *l, const char *name)
{
        static const char *const dirs[] = { "/usr/lib", "/lib" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path = xasprintf("%s/%s", dirs[i], name);

                if (is_there(l, path))
                        return true;
        }
        return false;
}

static void look_at_masks(struct look *l)
{
        bool by_link = is_in_vendor_dir(l, "udev/rules.d/80-net-setup-link.rules");
        bool by_slot = is_in_vendor_dir(l, "udev/rules.d/80-net-name-slot.rules");

        look_at_mask(l, RULES_DIR "/80-net-setup-link.rules");
        look_at_mask(l, LINKS_DIR "/99-default.link");
        if (!by_link)
                look_at_mask(l, RULES_DIR "/80-net-name-slot.rules");
        if (!by_link && !by_slot)
                decide(l, true, false, NULL,
                       xstrdup("no rule of this system's udev renames network cards"));
        if (by_link && !is_in_vendor_dir(l, "systemd/network/99-default.link"))
                decide(l, true, false, NULL,
                       xstrdup("no 99-default.link tells udev to rename network cards"));
}

/* ---- what the distribution and the command line say ---- */

/* "14.04" -> 1404; "8" -> 800; 0 when there is none. */
static unsigned version_number(const char *version)
{
        unsigned major = 0, minor = 0;

        if (version)
                sscanf(version, "%4u.%2u", &major, &minor);
        return major * 100 + minor;
}

static void look_at_distribution(struct look *l)
{
        const struct facts *f = l->context->facts;
        const char *id = facts_str(f, "/os/id"), *setting = bootparam_last(f, "net.ifnames");
        unsigned version = version_number(facts_str(f, "/os/version_id"));
        bool debian = streq(id, "debian"), ubuntu = streq(id, "ubuntu");
        bool old = version > 0 && ((debian && version < 900) || (ubuntu && version < 1510));

        if (!debian && !ubuntu)
                unknown(l, "/etc/os-release",
                        xasprintf("how %s names network cards is not understood",
                                  id ? id : "this distribution"));
        else if (old && setting && !streq(setting, "0"))
                unknown(l, facts_str(f, "/boot/entry/kernel/file"),
                        xasprintf("net.ifnames=%s on a system that does not rename network cards "
                                  "by itself is not understood",
                                  setting));
        else if (old)
                decide(l, true, false, NULL,
                       xasprintf("%s does not rename network cards by itself",
                                 facts_str(f, "/os/name") ? facts_str(f, "/os/name") : id));
}

/* What systemd takes for "no"; whatever is no truth value leaves the names predictable. */
static bool is_no(const char *value)
{
        static const char *const words[] = { "0", "no", "n", "false", "f", "off" };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (strcasecmp(value, words[i]) == 0)
                        return true;
        return false;
}

static void look_at_cmdline(struct look *l)
{
        const struct facts *f = l->context->facts;
        const char *setting = bootparam_last(f, "net.ifnames"), *file;
        cleanup_free char *why = NULL;

        if (!bootparam_known(f, &why, &file)) {
                unknown(l, file, xasprintf("net.ifnames= decides, but %s", why));
                return;
        }
        file = facts_str(f, "/boot/entry/kernel/file");
        if (setting && is_no(setting))
                decide(l, true, false, file,
                       xasprintf("net.ifnames=%s is on the command line of the boot entry",
                                 setting));
        else if (setting)
                decide(l, true, true, file,
                       xasprintf("net.ifnames=%s is on the command line of the boot entry",
                                 setting));
        else
                decide(l, true, true, NULL,
                       xstrdup("udev gives predictable names, and nothing turns them off"));
}

void netnames_find(const struct probe_context *context, struct netnames *ret)
{
        struct look l = { .context = context, .ret = ret };

        look_at_rules(&l);
        look_at_links(&l);
        look_at_masks(&l);
        look_at_distribution(&l);
        look_at_cmdline(&l);
}

void netnames_done(struct netnames *n)
{
        free(n->why);
        free(n->file);
        *n = (struct netnames){ 0 };
}
