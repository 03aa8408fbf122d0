#include "parse/netplan.h"

#include <errno.h>
#include <strings.h>

#include <yaml.h>

#include "base/str.h"
#include "base/xalloc.h"

struct read {
        yaml_document_t *document;
        struct netplan *plan;
        size_t file;
        struct err *err;
};

static int wrong(struct read *r, const yaml_node_t *node, const char *what)
{
        return err_set(r->err, -EINVAL, "line %zu: %s", node->start_mark.line + 1, what);
}

/* The text of a scalar, or NULL for anything else and for what has a NUL in it. */
static const char *scalar(const yaml_node_t *node)
{
        const char *text;

        if (node->type != YAML_SCALAR_NODE)
                return NULL;
        text = (const char *)node->data.scalar.value;
        return strlen(text) == node->data.scalar.length ? text : NULL;
}

static bool is_empty(const yaml_node_t *node)
{
        const char *text = scalar(node);

        return text && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
               (*text == '\0' || streq(text, "~") || streq(text, "null"));
}

static void replace(char **field, const char *value)
{
        free(*field);
        *field = xstrdup(value);
}

/* Calls `visit` for the pairs of a mapping; an empty value counts as an empty mapping. */
static int for_each(struct read *r, const yaml_node_t *mapping, void *to,
                    int (*visit)(struct read *r, const char *key, const yaml_node_t *key_node,
                                 const yaml_node_t *value, void *to))
{
        if (is_empty(mapping))
                return 0;
        if (mapping->type != YAML_MAPPING_NODE)
                return wrong(r, mapping, "a mapping is expected here");
        for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
             p < mapping->data.mapping.pairs.top; p++) {
                yaml_node_t *key = yaml_document_get_node(r->document, p->key);
                yaml_node_t *value = yaml_document_get_node(r->document, p->value);
                const char *name = key ? scalar(key) : NULL;
                int error;

                if (!name || !value)
                        return wrong(r, mapping, "a key that is no text");
                error = visit(r, name, key, value, to);
                if (error < 0)
                        return error;
        }
        return 0;
}

static int read_text(struct read *r, const yaml_node_t *node, char **ret)
{
        const char *text = scalar(node);

        if (!text)
                return wrong(r, node, "a text is expected here");
        replace(ret, text);
        return 0;
}

static int read_bool(struct read *r, const yaml_node_t *node, bool *ret)
{
        static const char *const yes[] = { "true", "on", "yes", "y" };
        static const char *const no[] = { "false", "off", "no", "n" };
        const char *text = scalar(node);

        for (size_t i = 0; text && i < ARRAY_SIZE(yes); i++)
                if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
                        *ret = strcasecmp(text, yes[i]) == 0;
                        return 0;
                }
        return wrong(r, node, "true or false is expected here");
}

static int read_renderer(struct read *r, const yaml_node_t *node, enum netplan_renderer *ret)
{
        const char *text = scalar(node);

        if (!text)
                return wrong(r, node, "a text is expected here");
        *ret = strcasecmp(text, "networkd") == 0         ? NETPLAN_NETWORKD
               : strcasecmp(text, "NetworkManager") == 0 ? NETPLAN_NETWORKMANAGER
                                                         : NETPLAN_OTHER;
        return 0;
}

/* One driver, or a list of them: any of them matches. */
static int read_drivers(struct read *r, const yaml_node_t *node, char **ret)
{
        struct buf all = { 0 };

        if (node->type != YAML_SEQUENCE_NODE)
                return read_text(r, node, ret);
        for (yaml_node_item_t *i = node->data.sequence.items.start;
             i < node->data.sequence.items.top; i++) {
                yaml_node_t *item = yaml_document_get_node(r->document, *i);

                if (item && scalar(item))
                        buf_printf(&all, "%s%s", all.len > 0 ? " " : "", scalar(item));
        }
        free(*ret);
        *ret = buf_take(&all);
        return 0;
}

static int read_match(struct read *r, const char *key, const yaml_node_t *key_node _unused_,
                      const yaml_node_t *value, void *to)
{
        struct netplan_def *d = to;

        if (streq(key, "name"))
                return read_text(r, value, &d->match_name);
        if (streq(key, "macaddress"))
                return read_text(r, value, &d->match_mac);
        if (streq(key, "driver"))
                return read_drivers(r, value, &d->match_driver);
        return 0;
}

static int read_setting(struct read *r, const char *key, const yaml_node_t *key_node _unused_,
                        const yaml_node_t *value, void *to)
{
        struct netplan_def *d = to;

        if (streq(key, "match")) {
                d->has_match = true;
                return for_each(r, value, d, read_match);
        }
        if (streq(key, "set-name"))
                return read_text(r, value, &d->set_name);
        if (streq(key, "renderer"))
                return read_renderer(r, value, &d->renderer);
        if (streq(key, "dhcp4"))
                return read_bool(r, value, &d->dhcp4);
        if (streq(key, "dhcp6"))
                return read_bool(r, value, &d->dhcp6);
        if (streq(key, "addresses") && value->type == YAML_SEQUENCE_NODE)
                d->addresses |= value->data.sequence.items.top > value->data.sequence.items.start;
        if (streq(key, "activation-mode"))
                d->held = scalar(value) != NULL;
        return 0;
}

static struct netplan_def *find_or_add(struct read *r, const char *id, const yaml_node_t *at)
{
        struct netplan *p = r->plan;
        struct netplan_def *d;

        for (size_t i = 0; i < p->n; i++)
                if (streq(p->v[i].id, id))
                        return &p->v[i];
        if (p->n == NETPLAN_DEFS_MAX)
                return NULL;
        d = ARRAY_PUSH(&p->v, &p->n, &p->cap);
        d->id = xstrdup(id);
        d->file = r->file;
        d->line = at->start_mark.line + 1;
        return d;
}

static int read_ethernet(struct read *r, const char *key, const yaml_node_t *key_node,
                         const yaml_node_t *value, void *to)
{
        enum netplan_renderer *renderer = to;
        struct netplan_def *d;

        if (streq(key, "renderer") && value->type == YAML_SCALAR_NODE)
                return read_renderer(r, value, renderer);
        d = find_or_add(r, key, key_node);
        if (!d)
                return err_set(r->err, -E2BIG, "more than %d definitions", NETPLAN_DEFS_MAX);
        if (*renderer != NETPLAN_DEFAULT)
                d->renderer = *renderer;
        return for_each(r, value, d, read_setting);
}

static int read_compound(struct read *r, const char *key, const yaml_node_t *key_node,
                         const yaml_node_t *value _unused_, void *to _unused_)
{
        if (r->plan->compound)
                return 0;
        r->plan->compound = xstrdup(key);
        r->plan->compound_file = r->file;
        r->plan->compound_line = key_node->start_mark.line + 1;
        return 0;
}

static int read_network(struct read *r, const char *key, const yaml_node_t *key_node _unused_,
                        const yaml_node_t *value, void *to _unused_)
{
        static const char *const compounds[] = { "bonds", "bridges", "vlans", "vrfs",
                                                 "nm-devices" };
        enum netplan_renderer renderer = NETPLAN_DEFAULT;

        if (streq(key, "renderer"))
                return read_renderer(r, value, &r->plan->renderer);
        if (streq(key, "ethernets"))
                return for_each(r, value, &renderer, read_ethernet);
        for (size_t i = 0; i < ARRAY_SIZE(compounds); i++)
                if (streq(key, compounds[i]))
                        return for_each(r, value, NULL, read_compound);
        return 0;
}

static int read_top(struct read *r, const char *key, const yaml_node_t *key_node _unused_,
                    const yaml_node_t *value, void *to _unused_)
{
        return streq(key, "network") ? for_each(r, value, NULL, read_network) : 0;
}

int netplan_parse(struct span text, size_t file, struct netplan *plan, struct err *err)
{
        struct read r = { .plan = plan, .file = file, .err = err };
        yaml_document_t document;
        yaml_parser_t parser;
        yaml_node_t *root;
        int error = 0;

        if (text.len > NETPLAN_MAX)
                return err_set(err, -E2BIG, "longer than %u bytes", NETPLAN_MAX);
        if (!yaml_parser_initialize(&parser))
                return err_set(err, -ENOMEM, "no memory for YAML");
        yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
        if (!yaml_parser_load(&parser, &document)) {
                error = err_set(err, -EINVAL, "line %zu: no YAML: %s", parser.problem_mark.line + 1,
                                parser.problem ? parser.problem : "unreadable");
                yaml_parser_delete(&parser);
                return error;
        }
        r.document = &document;
        root = yaml_document_get_root_node(&document);
        if (root)
                error = for_each(&r, root, NULL, read_top);
        yaml_document_delete(&document);
        yaml_parser_delete(&parser);
        return error;
}

void netplan_done(struct netplan *p)
{
        for (size_t i = 0; i < p->n; i++) {
                struct netplan_def *d = &p->v[i];

                free(d->id);
                free(d->match_name);
                free(d->match_mac);
                free(d->match_driver);
                free(d->set_name);
        }
        free(p->v);
        free(p->compound);
        *p = (struct netplan){ 0 };
}
