/*
 * The move that is asked about: resized in place (the same instance, stopped and started as another
 * type) or cloned (a new instance from an image of this one), and from which type. Works on facts
 * alone, as the target does.
 */
#include "base/str.h"
#include "probe/probe.h"
#include "probe/typefacts.h"

/* A running instance knows its own type; a volume does not know where it came from. */
static const char *own_type(struct facts *f)
{
        const char *type = facts_str(f, "/platform/instance_type"), *file;
        const char *why = facts_why_unknown(f, "/platform/instance_type", &file);

        if (!streq(facts_str(f, "/volume/mode"), "live"))
                type = why = NULL;
        if (!type && why)
                facts_unknown(f, "/move/source", file, "%s", why);
        else
                facts_set_str(f, type, "/move/source");
        return type;
}

static void run_move(struct probe_context *context)
{
        cleanup_ec2_type struct ec2_type type = { 0 };
        struct facts *f = context->facts;
        const char *source = context->source;

        facts_set_str(f, context->mode ? context->mode : "resize", "/move/mode");
        if (source)
                facts_set_str(f, source, "/move/source");
        else
                source = own_type(f);
        typefacts_publish(f, "/source", source, "the type to move from is not known (--source)",
                          &type);
}

static const struct fact_decl move_facts[] = {
        { "/move/mode", FACT_STRING, "resize (in place) or clone (a new instance)" },
        { "/move/source", FACT_STRING, "type to move from; null: none named and none shown" },
        TYPEFACTS_DECLS("/source"),
        {}
};

const struct probe probe_move = {
        .name = "move",
        .needs = PROBE_NEEDS("volume", "platform"),
        .provides = move_facts,
        .run = run_move,
};
