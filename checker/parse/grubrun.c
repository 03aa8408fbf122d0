/* Running a script: control flow, functions, files within files. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubeval.h"

/* ---- what all parts use ---------------------------------------------------------------- */

int grubeval_unknown(struct grubeval *e, const char *fmt, ...)
{
        cleanup_free char *text = NULL;
        va_list ap;

        va_start(ap, fmt);
        text = xvasprintf(fmt, ap);
        va_end(ap);
        if (!e->source || e->source == e->sources[0])
                return err_set(e->err, -ENODATA, "line %zu: %s", e->line, text);
        return err_set(e->err, -ENODATA, "%s line %zu: %s", e->source->name, e->line, text);
}

const char *grubeval_reason(struct grubeval *e, const char *fmt, ...)
{
        va_list ap;

        va_start(ap, fmt);
        strv_push_take(&e->reasons, xvasprintf(fmt, ap));
        va_end(ap);
        return e->reasons.v[e->reasons.n - 1];
}

int grubeval_certain(struct grubeval *e, const char *command)
{
        if (!e->forks_open)
                return 0;
        return grubeval_unknown(e, "whether \"%s\" is reached depends on %s", command, e->fork_why);
}

void grubeval_set_status(struct grubeval *e, enum grubtri status, const char *why)
{
        e->status = status;
        e->why = status == GRUBTRI_MAYBE ? why : NULL;
}

/* GRUB takes the parentheses off a device that is put into $root. */
static char *root_value(const char *value)
{
        size_t len = strlen(value);

        if (len > 1 && value[0] == '(' && value[len - 1] == ')')
                return xmemdup0(value + 1, len - 2);
        return xstrdup(value);
}

int grubeval_set(struct grubeval *e, const char *name, const char *value, const char *why,
                 const char *from)
{
        cleanup_free char *root = streq(name, "root") ? root_value(value) : NULL;

        if (grubvars_set(&e->vars, name, root ? root : value, why, from) < 0)
                return grubeval_unknown(e, "too many variables, or too long ones");
        return 0;
}

static struct span find_line(struct span text, size_t line)
{
        const char *p = text.data, *end = text.data + text.len, *stop;

        while (--line && p < end) {
                p = memchr(p, '\n', (size_t)(end - p));
                p = p ? p + 1 : end;
        }
        stop = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        return (struct span){ p, (size_t)((stop ? stop : end) - p) };
}

struct bootentry_place grubeval_place(const struct grubsource *source, size_t line)
{
        struct span text = find_line(source->text, line);

        while (text.len && ascii_isspace(text.data[0]))
                text.data++, text.len--;
        while (text.len && ascii_isspace(text.data[text.len - 1]))
                text.len--;
        return (struct bootentry_place){ xstrdup(source->name), line, span_dup(text) };
}

/* ---- control flow ---------------------------------------------------------------------------- */

static int run_simple(struct grubeval *e, const struct grubscript_node *node)
{
        cleanup_grubargs struct grubargs args = { 0 };
        struct grubargs rest;
        bool invert;
        int r = grubeval_expand(e, node->words, &args);

        if (r < 0)
                return r;
        if (args.n == 0) {
                grubeval_set_status(e, GRUBTRI_YES, NULL);
                return 0;
        }
        invert = streq(args.v[0].text, "!");
        rest = (struct grubargs){ args.v + invert, args.n - invert, 0 };
        if (rest.n == 0) {
                grubeval_set_status(e, GRUBTRI_NO, NULL);
                return 0;
        }
        r = grubeval_command(e, node, &rest);
        if (invert)
                e->status = grubtri_not(e->status);
        return r;
}

/* Both ways, one after the other from the same state; what comes out different is not known. */
static int run_fork(struct grubeval *e, const struct grubscript_node *node)
{
        const char *why =
                grubeval_reason(e, "%s (line %zu)", e->why ? e->why : "a condition", node->line);
        const char *outer_why = e->fork_why;
        struct grubvars before = { 0 };
        enum grubtri status;
        int r;

        if (++e->forks > GRUBCFG_FORKS_MAX || e->forks_open >= GRUBCFG_FORK_DEPTH_MAX)
                return grubeval_unknown(e, "too many conditions depend on what is not known");
        before = grubvars_copy(&e->vars, false);
        e->forks_open++;
        e->fork_why = why;
        r = grubeval_run(e, node->body);
        status = e->status;
        if (r == 0) {
                struct grubvars after = e->vars;

                e->vars = before;
                before = after;
                grubeval_set_status(e, GRUBTRI_YES, NULL);
                r = grubeval_run(e, node->otherwise);
                grubvars_join(&e->vars, &after, why);
                if (e->status != status)
                        grubeval_set_status(e, GRUBTRI_MAYBE, why);
        }
        grubvars_done(&before);
        e->forks_open--;
        e->fork_why = outer_why;
        return r;
}

static int run_if(struct grubeval *e, const struct grubscript_node *node)
{
        for (;;) {
                int r = grubeval_run(e, node->condition);

                if (r < 0 || e->control != GRUBCONTROL_NONE)
                        return r;
                if (e->status == GRUBTRI_MAYBE)
                        return run_fork(e, node);
                if (e->status == GRUBTRI_YES)
                        return grubeval_run(e, node->body);
                if (!node->otherwise || node->otherwise->type != GRUBSCRIPT_IF ||
                    node->otherwise->next)
                        break;
                node = node->otherwise;
        }
        grubeval_set_status(e, GRUBTRI_YES, NULL);
        return grubeval_run(e, node->otherwise);
}

/* True when the loop is over. */
static bool leave_loop(struct grubeval *e)
{
        if (e->control == GRUBCONTROL_CONTINUE)
                e->control = GRUBCONTROL_NONE;
        if (e->control == GRUBCONTROL_NONE)
                return false;
        if (e->control == GRUBCONTROL_BREAK)
                e->control = GRUBCONTROL_NONE;
        return true;
}

static int count_turn(struct grubeval *e)
{
        if (++e->turns > GRUBCFG_LOOPS_MAX)
                return grubeval_unknown(e, "a loop that goes on for too long");
        return 0;
}

static int run_for(struct grubeval *e, const struct grubscript_node *node)
{
        cleanup_grubargs struct grubargs values = { 0 };
        int r = grubeval_expand(e, node->words, &values);

        grubeval_set_status(e, GRUBTRI_YES, NULL);
        for (size_t i = 0; i < values.n && r == 0; i++) {
                const struct grubword *w = &values.v[i];

                if (w->ragged)
                        return grubeval_unknown(e, "how often a loop is run depends on %s",
                                                grubeval_why(w));
                r = count_turn(e);
                if (r == 0)
                        r = grubeval_set(e, node->name, w->text, w->why, w->from);
                if (r == 0)
                        r = grubeval_run(e, node->body);
                if (leave_loop(e))
                        break;
        }
        return r;
}

static int run_while(struct grubeval *e, const struct grubscript_node *node)
{
        bool until = node->type == GRUBSCRIPT_UNTIL;

        for (;;) {
                int r = count_turn(e);

                if (r == 0)
                        r = grubeval_run(e, node->condition);
                if (r < 0 || leave_loop(e))
                        return r;
                if (e->status == GRUBTRI_MAYBE)
                        return grubeval_unknown(e, "how often a loop is run depends on %s", e->why);
                if ((e->status == GRUBTRI_YES) == until)
                        return 0;
                r = grubeval_run(e, node->body);
                if (r < 0 || leave_loop(e))
                        return r;
        }
}

static int run_loop(struct grubeval *e, const struct grubscript_node *node)
{
        unsigned outer = e->forks_open_loop;
        int r;

        e->forks_open_loop = e->forks_open;
        e->loops_open++;
        r = node->type == GRUBSCRIPT_FOR ? run_for(e, node) : run_while(e, node);
        e->loops_open--;
        e->forks_open_loop = outer;
        return r;
}

static int define_function(struct grubeval *e, const struct grubscript_node *node)
{
        struct grubfunction *f = NULL;

        for (size_t i = 0; i < e->n_functions; i++)
                if (streq(e->functions[i].name, node->name))
                        f = &e->functions[i];
        if (!f && e->n_functions == GRUBCFG_FUNCTIONS_MAX)
                return grubeval_unknown(e, "too many functions");
        if (!f)
                f = ARRAY_PUSH(&e->functions, &e->n_functions, &e->cap_functions);
        *f = (struct grubfunction){ node->name, node->body, e->source };
        return 0;
}

static int run_node(struct grubeval *e, const struct grubscript_node *node)
{
        e->line = node->line;
        if (++e->steps > GRUBCFG_STEPS_MAX)
                return grubeval_unknown(e, "the configuration runs too many commands");
        switch (node->type) {
        case GRUBSCRIPT_COMMAND:
                return run_simple(e, node);
        case GRUBSCRIPT_IF:
                return run_if(e, node);
        case GRUBSCRIPT_FOR:
        case GRUBSCRIPT_WHILE:
        case GRUBSCRIPT_UNTIL:
                return run_loop(e, node);
        case GRUBSCRIPT_FUNCTION:
                return define_function(e, node);
        }
        return 0;
}

int grubeval_run(struct grubeval *e, const struct grubscript_node *list)
{
        int r = 0;

        for (; list && r == 0 && e->control == GRUBCONTROL_NONE; list = list->next)
                r = run_node(e, list);
        return r;
}

static int enter(struct grubeval *e)
{
        if (e->calls == GRUBCFG_CALLS_MAX)
                return grubeval_unknown(e, "functions or files call each other too deeply");
        e->calls++;
        return 0;
}

int grubeval_call(struct grubeval *e, const struct grubfunction *f, const struct grubargs *args)
{
        const struct grubargs *outer_parameters = e->parameters;
        const struct grubsource *outer_source = e->source;
        unsigned outer_forks = e->forks_open_call, outer_loops = e->loops_open;
        struct grubargs parameters = { args->v + 1, args->n - 1, 0 };
        int r = enter(e);

        if (r < 0)
                return r;
        e->parameters = &parameters;
        e->source = f->source;
        e->forks_open_call = e->forks_open;
        e->loops_open = 0;
        e->functions_open++;
        r = grubeval_run(e, f->body);
        if (e->control == GRUBCONTROL_RETURN)
                e->control = GRUBCONTROL_NONE;
        if (r < 0)
                return r;
        e->functions_open--;
        e->loops_open = outer_loops;
        e->forks_open_call = outer_forks;
        e->source = outer_source;
        e->parameters = outer_parameters;
        e->calls--;
        return 0;
}

/* $config_file and $config_directory, both with the device. */
static int set_config_variables(struct grubeval *e, const char *path)
{
        const struct grubvar *root = grubvars_get(&e->vars, "root");
        cleanup_free char *file = *path == '(' ? xstrdup(path)
                                               : xasprintf("(%s)%s", root ? root->value : "", path);
        cleanup_free char *directory = xmemdup0(file, (size_t)(strrchr(file, '/') - file));

        if (grubeval_set(e, "config_file", file, NULL, NULL) < 0 ||
            grubeval_set(e, "config_directory", directory, NULL, NULL) < 0 ||
            grubvars_export(&e->vars, "config_file") < 0 ||
            grubvars_export(&e->vars, "config_directory") < 0)
                return -ENODATA;
        return 0;
}

struct grubsource *grubeval_add_source(struct grubeval *e, char *name, struct span text)
{
        struct grubsource *source = xcalloc(1, sizeof(*source));

        *ARRAY_PUSH(&e->sources, &e->n_sources, &e->cap_sources) = source;
        source->name = name;
        source->text = text;
        return source;
}

/* The context around is left as it was, but for what the file's commands changed. */
int grubeval_run_source(struct grubeval *e, struct grubsource *source, const char *path)
{
        const struct grubvar *file = grubvars_get(&e->vars, "config_file");
        cleanup_free char *outer_file = file ? xstrdup(file->value) : NULL;
        const struct grubsource *outer = e->source;
        struct err err = { 0 };
        int r = enter(e);

        if (r == 0 && grubscript_parse(source->text, &source->script, &err) < 0)
                return err_set(e->err, -ENODATA, "%s%s%s", outer ? source->name : "",
                               outer ? " " : "", err.text);
        if (r == 0)
                r = set_config_variables(e, path);
        if (r < 0)
                return r;
        e->source = source;
        r = grubeval_run(e, source->script.first);
        if (r < 0)
                return r;
        e->source = outer;
        e->calls--;
        if (e->control == GRUBCONTROL_MENU)
                return 0;
        if (outer_file)
                return set_config_variables(e, outer_file);
        grubvars_unset(&e->vars, "config_file");
        grubvars_unset(&e->vars, "config_directory");
        return 0;
}

int grubeval_read(struct grubeval *e, const char *device, const char *path, struct blob *ret,
                  char **ret_name, struct err *err)
{
        if (++e->reads > GRUBCFG_READS_MAX)
                return err_set(err, -ENODATA, "too many files are read");
        return e->input->host.read(e->input->host.data, device, path, ret, ret_name, err);
}

int grubeval_source_take(struct grubeval *e, const char *path, struct blob *blob, char *name)
{
        struct grubsource *source = grubeval_add_source(e, name, blob_span(blob));

        source->owned = *blob;
        *blob = (struct blob){ 0 };
        return grubeval_run_source(e, source, path);
}
