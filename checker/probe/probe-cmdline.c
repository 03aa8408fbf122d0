/* The root that the command line of the boot entry names. */
#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/devref.h"
#include "probe/probe.h"

/* Only an initramfs understands UUID=; the kernel itself takes PARTUUID=. */
static char *find_fix(const struct probe_context *context, const char *value)
{
        const struct blkid_device *d = devref_find(context->blkids, value, true);
        cleanup_free char *fix = devref_fix(context->blkids, d);
        struct json_object *initrd;

        if (!fix || facts_get(context->facts, "/boot/entry/initrd", &initrd) <= 0)
                return NULL;
        if (facts_count(context->facts, "/boot/entry/initrd") > 0)
                return TAKE_PTR(fix);
        return d->partuuid ? xasprintf("PARTUUID=%s", d->partuuid) : NULL;
}

static void publish_root(struct probe_context *context, const char *value)
{
        struct facts *f = context->facts;
        enum devname_kind kind = devref_classify_root(context->volume, value);
        cleanup_free char *fix = NULL;
        struct bootparam_place place = bootparam_place(f);

        if (!devref_is_stable(kind) && kind != DEVNAME_NETWORK && kind != DEVNAME_NONE)
                fix = find_fix(context, value);
        facts_set_evidence(f, "/cmdline/root", place.file, place.line, span_of(place.text));
        facts_set_str(f, value, "/cmdline/root/value");
        facts_set_str(f, devname_kind_name(kind), "/cmdline/root/kind");
        facts_set_str(f, fix, "/cmdline/root/fix_value");
        facts_set_str(f,
                      kind == DEVNAME_TAG || kind == DEVNAME_LINK
                              ? devref_resolves(context->blkids, value, true)
                              : NULL,
                      "/cmdline/root/resolves");
}

/* The last root= wins. */
static void run_cmdline(struct probe_context *context)
{
        cleanup_free char *why = NULL;
        const char *value, *file;

        if (!bootparam_known(context->facts, &why, &file)) {
                facts_unknown(context->facts, "/cmdline/root", file, "%s", why);
                return;
        }
        value = bootparam_last(context->facts, "root");
        if (value)
                publish_root(context, value);
        else
                facts_set_null(context->facts, "/cmdline/root");
}

static const struct fact_decl cmdline_facts[] = {
        { "/cmdline/root", FACT_OBJECT, "root= of the boot entry, null: it has none" },
        { "/cmdline/root/file", FACT_STRING, "where the command line is written" },
        { "/cmdline/root/line", FACT_INT, "its line" },
        { "/cmdline/root/text", FACT_STRING, "that line" },
        { "/cmdline/root/value", FACT_STRING, "what follows root=" },
        { "/cmdline/root/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },
        { "/cmdline/root/resolves", FACT_STRING,
          "of a tag, whether the root has it: yes, no or unchecked; else null" },
        { "/cmdline/root/fix_value", FACT_STRING, "what to write instead, null: not certain" },
        {}
};

const struct probe probe_cmdline = {
        .name = "cmdline",
        .needs = PROBE_NEEDS("boot"),
        .provides = cmdline_facts,
        .run = run_cmdline,
};
