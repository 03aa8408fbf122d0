#include "parse/cloudconfig.h"

#include <errno.h>
#include <strings.h>

#include <yaml.h>

#include "base/str.h"
#include "base/xalloc.h"

static const char *const section_names[_CLOUDCONFIG_SECTION_MAX] = {
        [CLOUDCONFIG_MOUNTS] = "mounts",         [CLOUDCONFIG_FS_SETUP] = "fs_setup",
        [CLOUDCONFIG_DISK_SETUP] = "disk_setup", [CLOUDCONFIG_GROWPART] = "growpart",
        [CLOUDCONFIG_BOOTCMD] = "bootcmd",       [CLOUDCONFIG_RUNCMD] = "runcmd",
};

const char *cloudconfig_section_name(enum cloudconfig_section section)
{
        return section_names[section];
}

bool cloudconfig_is_always(enum cloudconfig_section section)
{
        return section == CLOUDCONFIG_GROWPART || section == CLOUDCONFIG_BOOTCMD;
}

struct reader {
        yaml_document_t *document;
        const yaml_node_t *aliases; /* the mapping device_aliases, or NULL */
        struct cloudconfig *out;
        size_t bytes; /* copied: aliases of YAML repeat a text without having it twice */
        bool full;
};

/* Whether that much may be copied, too. */
static bool take(struct reader *r, const char *text)
{
        size_t len = strlen(text);

        if (len > CLOUDCONFIG_MAX - r->bytes)
                r->full = true;
        else
                r->bytes += len;
        return !r->full;
}

/* ---- nodes; what is not of the kind expected is passed over, as cloud-init does ---------------
 */

/* The text of a scalar, or NULL for anything else and for what has a NUL in it. */
static const char *scalar(const yaml_node_t *node)
{
        const char *text;

        if (!node || node->type != YAML_SCALAR_NODE)
                return NULL;
        text = (const char *)node->data.scalar.value;
        return strlen(text) == node->data.scalar.length ? text : NULL;
}

static size_t line_of(const yaml_node_t *node)
{
        bool is_block = node->type == YAML_SCALAR_NODE &&
                        (node->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
                         node->data.scalar.style == YAML_FOLDED_SCALAR_STYLE);

        return node->start_mark.line + 1 + is_block;
}

/* Item i of a list, NULL behind its end. */
static const yaml_node_t *item(const struct reader *r, const yaml_node_t *list, size_t i)
{
        if (!list || list->type != YAML_SEQUENCE_NODE ||
            i >= (size_t)(list->data.sequence.items.top - list->data.sequence.items.start))
                return NULL;
        return yaml_document_get_node(r->document, list->data.sequence.items.start[i]);
}

/* Pair i of a mapping; false behind its end. */
static bool pair(const struct reader *r, const yaml_node_t *mapping, size_t i,
                 const yaml_node_t **ret_key, const yaml_node_t **ret_value)
{
        const yaml_node_pair_t *p;

        if (!mapping || mapping->type != YAML_MAPPING_NODE ||
            i >= (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start))
                return false;
        p = &mapping->data.mapping.pairs.start[i];
        *ret_key = yaml_document_get_node(r->document, p->key);
        *ret_value = yaml_document_get_node(r->document, p->value);
        return true;
}

/* Of a key that is there twice, Python takes the last. */
static const yaml_node_t *member(const struct reader *r, const yaml_node_t *mapping,
                                 const char *name)
{
        const yaml_node_t *key, *value, *found = NULL;

        for (size_t i = 0; pair(r, mapping, i, &key, &value); i++)
                if (streq(scalar(key), name))
                        found = value;
        return found;
}

static bool is_true(const yaml_node_t *node)
{
        const char *text = scalar(node);

        return text && (strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0 ||
                        strcasecmp(text, "on") == 0);
}

/* ---- devices ----------------------------------------------------------------------------------
 */

static struct cloudconfig_entry *add(struct reader *r, enum cloudconfig_section section,
                                     size_t line)
{
        struct cloudconfig_entry *e;

        if (r->out->n >= CLOUDCONFIG_ENTRIES_MAX) {
                r->full = true;
                return NULL;
        }
        e = ARRAY_PUSH(&r->out->v, &r->out->n, &r->out->cap);
        e->section = section;
        e->line = line;
        return e;
}

/* "/dev/xvdf.1" is partition 1 of it, and "data.auto" one that is found. */
static char *without_partition(const char *name)
{
        const char *dot = strrchr(name, '.');

        if (dot && !strchr(dot, '/') && dot[1] != '\0' &&
            (strspn(dot + 1, "0123456789") == strlen(dot + 1) || streq(dot, ".auto") ||
             streq(dot, ".any") || streq(dot, ".none")))
                return xmemdup0(name, (size_t)(dot - name));
        return xstrdup(name);
}

/* What cloud-init takes for the short name of a disk, where something is to be mounted. */
static bool is_short(const char *name)
{
        const char *p = name + (name[0] == 'x');

        return (p[0] == 's' || p[0] == 'h' || p[0] == 'v') && p[1] == 'd' && p[2] >= 'a' &&
               p[2] <= 'z' && strspn(p + 3, "0123456789") == strlen(p + 3);
}

static void add_device(struct reader *r, enum cloudconfig_section section, const yaml_node_t *node,
                       bool overwrites)
{
        const char *text = scalar(node), *alias;
        cleanup_free char *name = NULL;
        struct cloudconfig_entry *e;

        if (r->full || !text || !take(r, text))
                return;
        name = without_partition(text);
        alias = scalar(member(r, r->aliases, name));
        e = add(r, section, line_of(node));
        if (!e)
                return;
        e->overwrites = overwrites;
        if (alias && take(r, alias))
                e->text = xstrdup(alias);
        else if (section == CLOUDCONFIG_MOUNTS && is_short(name))
                e->text = xasprintf("/dev/%s", name);
        else
                e->text = TAKE_PTR(name);
}

static void read_mounts(struct reader *r, const yaml_node_t *mounts)
{
        const yaml_node_t *mount;

        for (size_t i = 0; !r->full && (mount = item(r, mounts, i)); i++)
                add_device(r, CLOUDCONFIG_MOUNTS, item(r, mount, 0), false);
}

static void read_fs_setup(struct reader *r, const yaml_node_t *list)
{
        const yaml_node_t *fs;

        for (size_t i = 0; !r->full && (fs = item(r, list, i)); i++)
                add_device(r, CLOUDCONFIG_FS_SETUP, member(r, fs, "device"),
                           is_true(member(r, fs, "overwrite")));
}

static void read_disk_setup(struct reader *r, const yaml_node_t *mapping)
{
        const yaml_node_t *disk, *how;

        for (size_t i = 0; !r->full && pair(r, mapping, i, &disk, &how); i++)
                add_device(r, CLOUDCONFIG_DISK_SETUP, disk, is_true(member(r, how, "overwrite")));
}

static void read_growpart(struct reader *r, const yaml_node_t *growpart)
{
        const yaml_node_t *devices = member(r, growpart, "devices"), *device;

        for (size_t i = 0; !r->full && (device = item(r, devices, i)); i++)
                add_device(r, CLOUDCONFIG_GROWPART, device, false);
}

/* A command is a text for the shell, or a list of words. */
static void read_commands(struct reader *r, enum cloudconfig_section section,
                          const yaml_node_t *list)
{
        const yaml_node_t *command, *word;

        for (size_t i = 0; !r->full && (command = item(r, list, i)); i++) {
                struct cloudconfig_entry *e = add(r, section, line_of(command));
                struct buf text = { 0 };

                if (!e)
                        return;
                buf_puts(&text, scalar(command) && take(r, scalar(command)) ? scalar(command) : "");
                for (size_t k = 0; !r->full && (word = item(r, command, k)); k++)
                        if (scalar(word) && take(r, scalar(word)))
                                buf_printf(&text, "%s%s", k ? " " : "", scalar(word));
                e->text = buf_take(&text);
        }
}

static void read_all(struct reader *r, const yaml_node_t *root)
{
        r->aliases = member(r, root, "device_aliases");
        read_mounts(r, member(r, root, "mounts"));
        read_fs_setup(r, member(r, root, "fs_setup"));
        read_disk_setup(r, member(r, root, "disk_setup"));
        read_growpart(r, member(r, root, "growpart"));
        read_commands(r, CLOUDCONFIG_BOOTCMD, member(r, root, "bootcmd"));
        read_commands(r, CLOUDCONFIG_RUNCMD, member(r, root, "runcmd"));
}

/* Most files say nothing about disks, and reading YAML takes its time. */
static bool may_concern(struct span text)
{
        for (size_t i = 0; i < ARRAY_SIZE(section_names); i++)
                if (memmem(text.data, text.len, section_names[i], strlen(section_names[i])))
                        return true;
        return false;
}

int cloudconfig_parse(struct span text, struct cloudconfig *ret, struct err *err)
{
        struct cloudconfig c = { 0 };
        struct reader r = { .out = &c };
        yaml_document_t document;
        yaml_parser_t parser;
        int error = 0;

        if (text.len > CLOUDCONFIG_MAX)
                return err_set(err, -E2BIG, "longer than %u bytes", CLOUDCONFIG_MAX);
        *ret = c;
        if (!may_concern(text))
                return 0;
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
        read_all(&r, yaml_document_get_root_node(&document));
        yaml_document_delete(&document);
        yaml_parser_delete(&parser);
        if (r.full) {
                cloudconfig_done(&c);
                return err_set(err, -E2BIG, "it names more disks than are looked at");
        }
        *ret = c;
        return 0;
}

void cloudconfig_done(struct cloudconfig *c)
{
        for (size_t i = 0; i < c->n; i++)
                free(c->v[i].text);
        free(c->v);
        *c = (struct cloudconfig){ 0 };
}
