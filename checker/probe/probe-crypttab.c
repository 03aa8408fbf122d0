/*
 * Which devices /etc/crypttab names, and the copies of it in the initramfs, and what happens when
 * they are not there.
 *   https://github.com/systemd/systemd/blob/main/src/cryptsetup/cryptsetup-generator.c: what opens
 *   the device fails after the time-out, and so does what wants its mapping; sysinit.target only
 *   wants cryptsetup.target, so that the boot goes on where nothing else does
 */
#include <errno.h>

#include "base/xalloc.h"
#include "parse/crypttab.h"
#include "probe/bootparam.h"
#include "probe/device-use.h"
#include "probe/names.h"
#include "probe/shared.h"

#define CRYPTTAB "/etc/crypttab"
#define LIST     "/crypttab/devices"

struct scan {
        struct probe_context *context;
        const char *file;
        bool in_image; /* or on the kernel command line, which the initramfs reads */
        bool in_cmdline;
        struct strv mappings; /* all that the file makes */
};

/* ---- what happens without it ---- */

static bool is_mapping(const void *name, const char *value)
{
        const char *after = str_after(value, "/dev/mapper/");

        return after && streq(after, name);
}

/* /etc/crypttab of the root is read when the root is there. */
static bool is_early(const struct scan *s, const struct crypttab_entry *e)
{
        return s->in_image || crypttab_has_option(e, "initramfs", NULL) ||
               crypttab_has_option(e, "x-initrd.attach", NULL);
}

static void publish_effect(const struct scan *s, const struct crypttab_entry *e, const char *path,
                           const char *name)
{
        cleanup_free char *mapping = xasprintf("/dev/mapper/%s", name);
        cleanup_free char *what = xasprintf("the encrypted device %s", name);
        struct device_query query = {
                .is_it = is_mapping,
                .data = name,
                .what = what,
                .path = mapping,
                .apart = &s->mappings,
                .early = is_early(s, e),
                .in_image = s->in_image
                                    ? "The initramfs waits for it, and then the boot goes on as "
                                      "the root's own crypttab says."
                                    : NULL,
        };
        cleanup_device_use struct device_use use = { 0 };

        device_use_find(s->context, &query, &use);
        if (streq(use.effect, "degraded") && crypttab_has_option(e, "noauto", NULL)) {
                facts_set_str(s->context->facts, "degraded", "%s/effect", path);
                facts_set_str(s->context->facts,
                              "Nothing at boot (noauto); it cannot be opened when it is asked for.",
                              "%s/effect_text", path);
                return;
        }
        device_use_publish(s->context->facts, path, &use);
}

/* ---- names ---- */

static bool is_random(struct span key)
{
        return span_eq(key, "/dev/urandom") || span_eq(key, "/dev/random");
}

static void publish_name(const struct scan *s, const struct crypttab_entry *e, const char *role,
                         const char *value)
{
        cleanup_free char *name = span_dup(e->name), *path = NULL;
        bool is_plain = crypttab_has_option(e, "plain", NULL) ||
                        crypttab_has_option(e, "swap", NULL) ||
                        crypttab_has_option(e, "tmp", NULL) || is_random(e->key);
        struct name_use use = {
                .list = LIST,
                .file = s->file,
                .line = e->line,
                .text = e->text,
                .value = value,
                .role = role,
                .form = is_plain || s->in_cmdline ? NAME_AS_IS
                        : streq(role, "source")   ? NAME_AS_LUKS
                                                  : NAME_AS_PATH,
        };

        path = names_publish(s->context, &use);
        if (!path)
                return;
        facts_set_str(s->context->facts, name, "%s/name", path);
        facts_set_bool(s->context->facts, is_plain, "%s/plain", path);
        facts_set_bool(s->context->facts, s->in_image, "%s/in_image", path);
        publish_effect(s, e, path, name);
}

/* "PATH", "PATH:DEVICE" (systemd), "DEVICE:PATH:TIME" (passdev of Debian): what is a device. */
static void publish_key(const struct scan *s, const struct crypttab_entry *e)
{
        cleanup_free char *key = span_dup(e->key);
        char *at = key, *part;

        while ((part = strsep(&at, ":")))
                if (str_startswith(part, "/dev/") || strchr(part, '='))
                        publish_name(s, e, "key", part);
}

static void publish_entry(const struct scan *s, const struct crypttab_entry *e)
{
        cleanup_free char *source = span_dup(e->source), *header = NULL;
        struct span value = { 0 };

        publish_name(s, e, "source", source);
        if (e->key.len > 0)
                publish_key(s, e);
        if (crypttab_has_option(e, "header", &value) && value.data) {
                header = span_dup(value);
                if (str_startswith(header, "/dev/"))
                        publish_name(s, e, "header", header);
        }
}

static void scan_text(struct scan *s, struct span text,
                      int (*parse)(struct span text, struct crypttab *ret, struct err *err))
{
        cleanup_crypttab struct crypttab table = { 0 };
        struct err err = { 0 };

        if (parse(text, &table, &err) < 0) {
                facts_unknown(s->context->facts, LIST, s->file, "%s", err.text);
                return;
        }
        if (table.odd_line)
                facts_problem(s->context->facts, s->file,
                              "line %zu is malformed: it names no device; it is ignored",
                              table.odd_line);
        for (size_t i = 0; i < table.n; i++)
                strv_push_take(&s->mappings, xasprintf("/dev/mapper/%.*s", (int)table.v[i].name.len,
                                                       table.v[i].name.data));
        for (size_t i = 0; i < table.n; i++)
                publish_entry(s, &table.v[i]);
        strv_done(&s->mappings);
}

static void scan_image(struct probe_context *context)
{
        static const struct {
                const char *inside;
                int (*parse)(struct span text, struct crypttab *ret, struct err *err);
        } copies[] = {
                { "etc/crypttab", crypttab_parse },
                { "cryptroot/crypttab", crypttab_parse },
                { "conf/conf.d/cryptroot", crypttab_parse_cryptroot },
        };

        for (size_t i = 0; i < ARRAY_SIZE(copies); i++) {
                const struct image_copy *copy = shared_copy(context, copies[i].inside);
                struct scan s = { context, copy ? copy->place : NULL, true, false, { 0 } };

                if (copy && copy->unread)
                        facts_unknown(context->facts, LIST, copy->place,
                                      "its content is not known");
                else if (copy)
                        scan_text(&s, blob_span(&copy->content), copies[i].parse);
        }
}

/*
 * cryptopts=target=NAME,source=DEVICE of initramfs-tools, cryptdevice=DEVICE:NAME of mkinitcpio:
 * read by the initramfs. What is to be written there instead goes into the boot loader's files.
 */
static void scan_cmdline(struct probe_context *context)
{
        const struct facts *f = context->facts;
        const char *opts = bootparam_last(f, "cryptopts"), *text;
        const char *device = bootparam_last(f, "cryptdevice"), *colon;
        const char *file = facts_str(f, "/boot/entry/kernel/file");
        struct scan s = { .context = context, .file = file, .in_image = true, .in_cmdline = true };
        struct crypttab_entry e = { .line = (size_t)facts_int(f, "/boot/entry/kernel/line", 0) };
        cleanup_crypttab struct crypttab table = { 0 };
        struct err err = { 0 };

        if (!file)
                return;
        text = facts_str(f, "/boot/entry/kernel/text");
        e.text = span_of(text ? text : "");
        if (opts && crypttab_parse_cryptroot(span_of(opts), &table, &err) == 0 && table.n == 1) {
                e.name = table.v[0].name;
                e.source = table.v[0].source;
                e.options = table.v[0].options;
                publish_entry(&s, &e);
        }
        colon = device ? strchr(device, ':') : NULL;
        if (colon) {
                e.source = (struct span){ device, (size_t)(colon - device) };
                e.name = (struct span){ colon + 1, strcspn(colon + 1, ":") };
                e.options = (struct span){ 0 };
                publish_entry(&s, &e);
        }
}

static void run_crypttab(struct probe_context *context)
{
        struct scan s = { context, CRYPTTAB, false, false, { 0 } };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_read(context->volume, CRYPTTAB, CRYPTTAB_MAX, &blob, &err);

        facts_set_array(context->facts, LIST);
        if (r < 0)
                facts_unknown(context->facts, LIST, CRYPTTAB, "%s", err.text);
        else if (r > 0)
                scan_text(&s, blob_span(&blob), crypttab_parse);
        scan_image(context);
        scan_cmdline(context);
}

static const struct fact_decl crypttab_facts[] = {
        { LIST, FACT_ARRAY,
          "devices that crypttab, its copies in the initramfs and the command line name" },
        NAMES_FACTS(LIST),
        { LIST "/*/name", FACT_STRING, "field 1, the name below /dev/mapper" },
        { LIST "/*/plain", FACT_BOOL,
          "there is no LUKS header: a key of this boot alone, or plain" },
        { LIST "/*/in_image", FACT_BOOL,
          "it stands in the initramfs, or on the kernel command line" },
        { LIST "/*/effect", FACT_STRING, "without it: no-boot, emergency, hang or degraded" },
        { LIST "/*/effect_text", FACT_STRING, "the same as a sentence" },
        {}
};

const struct probe probe_crypttab = {
        .name = "crypttab",
        .needs = PROBE_NEEDS("fstab", "boot", "initramfs"),
        .provides = crypttab_facts,
        .run = run_crypttab,
};
