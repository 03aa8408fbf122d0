#include "parse/osrelease.h"

#include "base/str.h"
#include "parse/shellvar.h"

static void assign(struct osrelease *o, struct span name, char *value)
{
        char **field = span_eq(name, "ID")            ? &o->id
                       : span_eq(name, "VERSION_ID")  ? &o->version_id
                       : span_eq(name, "PRETTY_NAME") ? &o->pretty_name
                                                      : NULL;

        if (!field) {
                free(value);
                return;
        }
        free(*field);
        *field = value;
}

void osrelease_parse(struct span text, struct osrelease *ret)
{
        struct osrelease o = { 0 };
        struct lines lines = lines_of(text);
        struct shellvar var;

        while (shellvar_next(&lines, &var))
                if (var.value)
                        assign(&o, var.name, var.value);
                else if (o.odd_line == 0)
                        o.odd_line = var.line;
        *ret = o;
}

void osrelease_done(struct osrelease *o)
{
        free(o->id);
        free(o->version_id);
        free(o->pretty_name);
        *o = (struct osrelease){ 0 };
}
